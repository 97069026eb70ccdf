from django.apps import AppConfig


class Storefront(AppConfig):
    name = "kidspetite.faces.storefront"
    label = "storefront"

    def ready(self) -> None:
        from allauth.account.signals import email_confirmed, user_logged_in, user_signed_up

        from kidspetite.faces.edge.pagecache.memory import forgets
        from kidspetite.faces.storefront import promoting, signing_in

        user_logged_in.connect(signing_in.carry_cart_over, dispatch_uid="carry_cart_over")
        user_signed_up.connect(signing_in.greet_newcomer, dispatch_uid="greet_newcomer")
        email_confirmed.connect(signing_in.greet_confirmed, dispatch_uid="greet_confirmed")
        forgets(promoting.forget)
