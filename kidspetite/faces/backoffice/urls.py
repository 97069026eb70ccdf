"""The desk's own pages. Ours end without a slash, Unfold's with one; home is the one address both share."""

from __future__ import annotations

from django.urls import path
from django.views.generic import RedirectView

from kidspetite.faces.backoffice.views import (
    customers,
    demo,
    home,
    money,
    order_address,
    orders,
    pages,
    products,
    promotions,
    repairs,
    settings,
    slips,
    stock,
    subscribers,
)

app_name = "desk"
urlpatterns = [
    path("admin", RedirectView.as_view(pattern_name="desk:home"), name="entrance"),
    path("admin/", home.home, name="home"),
    path("admin/find", home.find, name="find"),
    path("admin/orders", orders.order_list, name="orders"),
    path("admin/orders/<str:number>", orders.order, name="order"),
    path("admin/orders/<str:number>/shipment", orders.ship, name="ship"),
    path("admin/orders/<str:number>/delivery", orders.deliver, name="deliver"),
    path("admin/orders/<str:number>/payment", orders.ask, name="ask"),
    path("admin/orders/<str:number>/slip", slips.slip, name="slip"),
    path("admin/orders/<str:number>/note", orders.note, name="note"),
    path("admin/orders/<str:number>/cancellation", money.cancel, name="cancel"),
    path("admin/orders/<str:number>/capture", money.capture, name="capture"),
    path("admin/orders/<str:number>/refund", money.refund, name="refund"),
    path("admin/orders/<str:number>/address", order_address.correct, name="order-address"),
    path("admin/customers/<int:pk>", customers.customer, name="customer"),
    path("admin/customers/<int:pk>/credit", customers.credit, name="credit"),
    path("admin/stock", stock.shelf_list, name="stock"),
    path("admin/stock/<str:sku>", stock.shelf, name="shelf"),
    path("admin/products/<int:pk>/grid", products.grid, name="grid"),
    path("admin/products/<int:pk>/publication", products.publish, name="publish"),
    path("admin/products/<int:pk>/pictures", products.pictures, name="pictures"),
    path("admin/products/<int:pk>/pictures/<int:photo>", products.arrange, name="arrange-picture"),
    path("admin/products/<int:pk>/pictures/<int:photo>/removal", products.take_away, name="take-picture"),
    path("admin/promotions", promotions.promotion_list, name="promotions"),
    path("admin/promotions/new", promotions.new, name="promotion-new"),
    path("admin/promotions/<int:pk>", promotions.promotion, name="promotion"),
    path("admin/promotions/<int:pk>/switch", promotions.switch, name="promotion-switch"),
    path("admin/promotions/<int:pk>/codes", promotions.add_codes, name="promotion-codes"),
    path("admin/promotions/<int:pk>/codes.csv", promotions.codes_csv, name="promotion-csv"),
    path("admin/promotions/<int:pk>/trial", promotions.trial, name="promotion-trial"),
    path("admin/subscribers", subscribers.subscribers, name="subscribers"),
    path("admin/subscribers.csv", subscribers.subscribers_csv, name="subscribers-csv"),
    path("admin/settings", settings.settings, name="settings"),
    path("admin/settings/<int:pk>/withdrawal", settings.withdraw, name="withdraw-settings"),
    path("admin/pages", pages.page_list, name="pages"),
    path("admin/pages/<slug:slug>", pages.edit, name="page"),
    path("admin/enquiries", repairs.enquiries, name="enquiries"),
    path("admin/enquiries/<int:pk>/answer", repairs.answered, name="answered"),
    path("admin/repairs", repairs.repairs, name="repairs"),
    path("admin/demo", demo.demo, name="demo"),
    path("admin/jobs/<int:pk>/retry", repairs.retry, name="retry"),
    path("admin/messages/<int:pk>/resend", repairs.resend, name="resend"),
]
