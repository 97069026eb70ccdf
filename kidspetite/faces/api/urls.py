from django.urls import path

from kidspetite.faces.api.api import api
from kidspetite.faces.api.handbook import handbook

urlpatterns = [
    path("docs", handbook, name="api-docs"),
    path("", api.urls),
]
