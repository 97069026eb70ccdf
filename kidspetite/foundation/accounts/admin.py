from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.models import Group
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.admin import TabularInline
from unfold.decorators import display
from unfold.widgets import UnfoldAdminSelectMultipleWidget

from kidspetite.foundation.accounts.models import Address, Enquiry, User
from kidspetite.foundation.accounts.types import Role
from kidspetite.foundation.plumbing import audit
from kidspetite.foundation.plumbing.raw_rows import RawRows, ReadOnlyRows


class Addresses(TabularInline):
    model = Address
    extra = 0
    can_delete = False
    fields = ("name", "line1", "line2", "city", "state", "postal_code", "phone", "is_default")
    readonly_fields = fields

    def has_add_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return False


@admin.register(User)
class Users(RawRows):
    """Customers and staff. Only owners see and change who works here; others look after customers' names and phones.

    Nobody's password is set here: people choose their own by the reset letter.
    """

    list_display = ("email", "name", "roles", "date_joined", "is_active")
    list_filter = ("is_staff", "groups", "is_active", "is_demo")
    search_fields = ("email", "name", "phone")
    ordering = ("-date_joined", "-pk")
    inlines = (Addresses,)
    always_read_only = ("date_joined", "last_login")

    @display(description="role")
    def roles(self, user: User) -> str:
        if user.is_superuser:
            return "Superuser"
        return ", ".join(group.name for group in user.groups.all()) or ("Staff without a role" if user.is_staff else "")

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        people = super().get_queryset(request).prefetch_related("groups")
        return people if _may_hire(request) else people.filter(is_staff=False, is_superuser=False)

    def get_fields(self, request: HttpRequest, obj: User | None = None) -> tuple[str, ...]:
        people: tuple[str, ...] = ("email", "name", "phone")
        if _may_hire(request):
            people += ("is_staff", "groups", "is_active")
        return people + (self.always_read_only if obj else ())

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> tuple[str, ...]:
        if _may_hire(request):
            return self.always_read_only
        return ("email", *self.always_read_only)

    def get_inlines(self, request: HttpRequest, obj: User | None) -> tuple[type[TabularInline], ...]:
        return (Addresses,) if obj else ()

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "groups":
            kwargs["queryset"] = Group.objects.filter(name__in=list(Role)).order_by("name")
            kwargs["widget"] = UnfoldAdminSelectMultipleWidget()
            kwargs["label"] = _("roles")
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        allowed = super().has_change_permission(request, obj)
        return allowed and not (obj is not None and obj.is_superuser and not request.user.is_superuser)

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return False  # people are erased by their own right, with everything that hangs on them

    def save_model(self, request: HttpRequest, obj: User, form: forms.ModelForm[Any], change: Any) -> None:
        if not change:
            obj.set_unusable_password()
        super().save_model(request, obj, form, change)

    def save_related(self, request: HttpRequest, form: forms.ModelForm[Any], formsets: Any, change: Any) -> None:
        super().save_related(request, form, formsets, change)
        roles = list(form.instance.groups.values_list("name", flat=True))
        audit.record(
            actor=self.actor(request), verb="accounts.save_user", subject=f"user:{form.instance.pk}",
            fields=form.changed_data, roles=roles, is_staff=form.instance.is_staff,
        )  # fmt: skip


@admin.register(Enquiry)
class Enquiries(ReadOnlyRows):
    """Letters from the contact form. They are answered by mail; ticking one off happens on the desk."""

    list_display = ("at", "page", "email", "order_number", "answered_at")
    list_display_links = ("at",)
    list_filter = (("answered_at", admin.EmptyFieldListFilter),)
    search_fields = ("email", "name", "order_number", "text")
    ordering = ("-at", "-pk")

    @display(description="from", ordering="name")
    def page(self, enquiry: Enquiry) -> str:
        return enquiry.name


def _may_hire(request: HttpRequest) -> bool:
    return request.user.has_perm("accounts.add_user")
