from django.conf import settings
from django.contrib import admin
from django.urls import include, path

from kidspetite.faces.edge import health

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", health.metrics, name="metrics"),
    path("version", health.version, name="version"),
    path("api/", include("kidspetite.faces.api.urls")),
    path("", include("kidspetite.faces.backoffice.urls")),
    path("admin/", admin.site.urls),
    path("account/2fa/", include("allauth.mfa.urls")),
    path("", include("kidspetite.faces.storefront.urls")),
]
if not settings.IS_PRODUCTION:
    urlpatterns.append(path("", include("kidspetite.faces.storefront.workshop_urls")))

handler400 = "kidspetite.faces.edge.answers.bad_request"
handler403 = "kidspetite.faces.edge.answers.permission_denied"
handler404 = "kidspetite.faces.edge.answers.page_not_found"
handler500 = "kidspetite.faces.edge.answers.server_error"
