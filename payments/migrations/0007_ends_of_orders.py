"""When somebody wanted an order closed, and when the channel closed it."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('payments', '0006_look_at_closed'),
    ]

    operations = [
        migrations.AddField(
            model_name='paymentorder',
            name='close_wanted_at',
            field=models.DateTimeField(blank=True, help_text='somebody wants it ended; the channel is asked to close it until it is closed or paid', null=True, verbose_name='closing wanted at'),
        ),
        migrations.AddField(
            model_name='paymentorder',
            name='ended_there_at',
            field=models.DateTimeField(blank=True, help_text='empty for a closed order that the channel did not know when it was closed here', null=True, verbose_name='closed at the channel at'),
        ),
    ]
