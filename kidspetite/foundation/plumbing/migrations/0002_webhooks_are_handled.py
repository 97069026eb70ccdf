from django.db import migrations, models

# Until now nobody wrote this moment down; what has no job left that waits or failed was acted upon.
NOTE_HANDLED = """
update plumbing_inboxentry e set handled_at = e.received_at where e.handled_at is null and not exists (
    select 1 from procrastinate_jobs j where j.status in ('todo', 'doing', 'failed')
        and j.args ->> 'event' = 'foundation.plumbing.events.WebhookReceived'
        and (j.args -> 'facts' ->> 'entry_id')::bigint = e.id)
"""


class Migration(migrations.Migration):
    dependencies = [("plumbing", "0001_initial"), ("procrastinate", "0001_initial")]

    operations = [
        migrations.AlterField(
            "inboxentry",
            "handled_at",
            models.DateTimeField(
                blank=True,
                help_text="when all that follows from it had happened; empty while its job is not done",
                null=True,
            ),
        ),
        migrations.RunSQL(NOTE_HANDLED, migrations.RunSQL.noop),
        migrations.AddIndex(
            "inboxentry",
            models.Index(condition=models.Q(handled_at=None), fields=["received_at"], name="plumbing_unhandled"),
        ),
    ]
