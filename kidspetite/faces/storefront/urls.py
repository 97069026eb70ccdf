"""The storefront's addresses: nouns, without trailing slashes. allauth's views keep the names it looks for."""

from __future__ import annotations

from allauth.account import views as allauth
from django.urls import path, re_path
from django.views.generic import RedirectView

from kidspetite.faces.edge.media import media
from kidspetite.faces.storefront.views import account, cart, catalogue, checkout, contact, fragments, orders, pages, sandbox, search

urlpatterns = [
    path("", catalogue.home, name="home"),
    path("products", catalogue.products, name="products"),
    path("products/<slug:slug>", catalogue.product, name="product"),
    path("category/<slug:slug>", catalogue.category, name="category"),
    path("collection/<slug:slug>", catalogue.collection, name="collection"),
    path("search", search.results, name="search"),
    path("search/suggest", search.suggestions, name="suggestions"),
    path("size-guide", catalogue.size_guide, name="size-guide"),
    path("pages/<slug:slug>", pages.page, name="page"),
    path("contact", contact.contact, name="contact"),
    path("contact/thanks", contact.thanks, name="contact-thanks"),
    path("offline", pages.offline, name="offline"),
    path("robots.txt", pages.robots, name="robots"),
    path("sitemap.xml", pages.sitemap, name="sitemap"),
    path("fragments/me", fragments.me, name="me"),
    path("cart", cart.show, name="cart"),
    path("cart/items", cart.add, name="cart-add"),
    path("cart/items/<int:line_id>", cart.change, name="cart-change"),
    path("cart/items/<int:line_id>/removal", cart.remove, name="cart-remove"),
    path("cart/undo", cart.undo, name="cart-undo"),
    path("cart/estimate", cart.estimate, name="cart-estimate"),
    path("checkout", RedirectView.as_view(url="/checkout/shipping"), name="checkout"),
    path("checkout/shipping", checkout.shipping, name="checkout-shipping"),
    path("checkout/payment", checkout.payment, name="checkout-payment"),
    path("checkout/review", checkout.review, name="checkout-review"),
    path("checkout/complete/<str:token>", checkout.complete, name="checkout-complete"),
    path("sandbox/3ds/<str:reference>", sandbox.challenge, name="sandbox-3ds"),
    path("orders/find", orders.find, name="order-find"),
    path("orders/<str:token>", orders.show, name="order"),
    path("account", account.overview, name="account"),
    path("account/orders", account.orders, name="account-orders"),
    path("account/orders/<str:number>", account.order, name="account-order"),
    path("account/addresses", account.addresses, name="account-addresses"),
    path("account/addresses/new", account.new_address, name="account-address-new"),
    path("account/addresses/<int:pk>", account.edit_address, name="account-address"),
    path("account/addresses/<int:pk>/removal", account.remove_address, name="account-address-remove"),
    path("account/settings", account.settings, name="account-settings"),
    path("sign-in", allauth.login, name="account_login"),
    path("sign-up", allauth.signup, name="account_signup"),
    path("sign-out", allauth.logout, name="account_logout"),
    path("account/password", allauth.password_change, name="account_change_password"),
    path("account/password/set", allauth.password_set, name="account_set_password"),
    path("account/email", allauth.email, name="account_email"),
    path("account/reauthenticate", allauth.reauthenticate, name="account_reauthenticate"),
    path("sign-in/inactive", allauth.account_inactive, name="account_inactive"),
    path("sign-in/verification", allauth.email_verification_sent, name="account_email_verification_sent"),
    path("sign-in/confirm/<str:key>", allauth.confirm_email, name="account_confirm_email"),
    path("sign-in/reset", allauth.password_reset, name="account_reset_password"),
    path("sign-in/reset/sent", allauth.password_reset_done, name="account_reset_password_done"),
    path("sign-in/reset/done", allauth.password_reset_from_key_done, name="account_reset_password_from_key_done"),
    re_path(
        r"^sign-in/reset/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)$",
        allauth.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path("media/<path:name>", media, name="media"),
]
