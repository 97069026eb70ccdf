from django.apps import AppConfig


class Storefront(AppConfig):
    name = "kidspetite.faces.storefront"
    label = "storefront"

    def ready(self) -> None:
        from allauth.account.signals import user_logged_in

        from kidspetite.faces.storefront.signing_in import carry_cart_over

        user_logged_in.connect(carry_cart_over, dispatch_uid="carry_cart_over")
