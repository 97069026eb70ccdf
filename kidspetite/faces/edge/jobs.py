from __future__ import annotations

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db.models import Exists, OuterRef
from procrastinate.contrib.django import app

from kidspetite.faces.edge.models import RateCount
from kidspetite.foundation.kernel import clock


@app.periodic(cron="*/5 * * * *", periodic_id="rate-counts")
@app.task(name="edge.sweep_rate_counts", queueing_lock="edge.sweep_rate_counts")
async def sweep_rate_counts(timestamp: int) -> None:
    """Forget the windows that are over."""
    await RateCount.objects.filter(expires_at__lte=clock.now()).adelete()


@app.periodic(cron="41 * * * *", periodic_id="sessions")
@app.task(name="edge.sweep_sessions", queueing_lock="edge.sweep_sessions")
async def sweep_sessions(timestamp: int) -> None:
    """Forget sessions that are over, and the devices and addresses they came from."""
    await Session.objects.filter(expire_date__lte=clock.now()).adelete()
    living = Session.objects.filter(session_key=OuterRef("session_key"))
    await UserSession.objects.filter(~Exists(living)).adelete()
