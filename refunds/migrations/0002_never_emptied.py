"""Tables of refunds are never emptied."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('refunds', '0001_initial'),
    ]

    operations = [
        pgtrigger.migrations.AddTrigger(
            model_name='refundline',
            trigger=pgtrigger.compiler.Trigger(name='not_truncated', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'refunds: % is never emptied', TG_TABLE_NAME;", hash='c6f84083f47765b96288195f27d2599dddbd683b', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_not_truncated_0ed81', table='refunds_refundline', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='refundrequest',
            trigger=pgtrigger.compiler.Trigger(name='not_truncated', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'refunds: % is never emptied', TG_TABLE_NAME;", hash='bb910553a7b109c547437c286ee73bc918e84bdd', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_not_truncated_232fc', table='refunds_refundrequest', when='BEFORE')),
        ),
    ]
