"""What was paid stays as it was paid, and never more of it goes back."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('payments', '0007_ends_of_orders'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        pgtrigger.migrations.AddTrigger(
            model_name='paymentincident',
            trigger=pgtrigger.compiler.Trigger(name='not_truncated', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'payments: % is never emptied', TG_TABLE_NAME;", hash='28ef6b98d65a70d1cc1333132bdf4931ca1a0ada', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_not_truncated_6f4b4', table='payments_paymentincident', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='paymentnotification',
            trigger=pgtrigger.compiler.Trigger(name='not_truncated', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'payments: % is never emptied', TG_TABLE_NAME;", hash='799e83cd47d15777aab366e27adeebe794584173', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_not_truncated_6727d', table='payments_paymentnotification', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='paymentorder',
            trigger=pgtrigger.compiler.Trigger(name='frozen', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."bill_id" IS DISTINCT FROM (NEW."bill_id") OR OLD."round" IS DISTINCT FROM (NEW."round") OR OLD."number" IS DISTINCT FROM (NEW."number") OR OLD."channel" IS DISTINCT FROM (NEW."channel") OR OLD."amount" IS DISTINCT FROM (NEW."amount"))', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='7336098c7fc040fd3b53297af489778fb6e36fe1', operation='UPDATE', pgid='pgtrigger_frozen_02595', table='payments_paymentorder', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='paymentorder',
            trigger=pgtrigger.compiler.Trigger(name='never_deleted', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='2665eaf37c1089f940de0ca2a4f84786250a621b', operation='DELETE', pgid='pgtrigger_never_deleted_b7553', table='payments_paymentorder', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='paymentorder',
            trigger=pgtrigger.compiler.Trigger(name='not_truncated', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'payments: % is never emptied', TG_TABLE_NAME;", hash='271f63eb276d281ac61f97eb1e5ebcda3a19c81d', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_not_truncated_5ee50', table='payments_paymentorder', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='refund',
            trigger=pgtrigger.compiler.Trigger(name='frozen', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."order_id" IS DISTINCT FROM (NEW."order_id") OR OLD."number" IS DISTINCT FROM (NEW."number") OR OLD."amount" IS DISTINCT FROM (NEW."amount") OR OLD."key" IS DISTINCT FROM (NEW."key") OR OLD."requested_at" IS DISTINCT FROM (NEW."requested_at"))', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='c84276dc2dbe19e3e323ea7e52cac82a71604b03', operation='UPDATE', pgid='pgtrigger_frozen_17483', table='payments_refund', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='refund',
            trigger=pgtrigger.compiler.Trigger(name='never_deleted', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='956de1291ad48afbddf247982946f79b6bfc1ce4', operation='DELETE', pgid='pgtrigger_never_deleted_eb90c', table='payments_refund', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='refund',
            trigger=pgtrigger.compiler.Trigger(name='not_truncated', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'payments: % is never emptied', TG_TABLE_NAME;", hash='bb0a638e0f2c17bc0e7c93a73c56fd7ef497a3c2', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_not_truncated_cb6ee', table='payments_refund', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='refund',
            trigger=pgtrigger.compiler.Trigger(name='within_paid', sql=pgtrigger.compiler.UpsertTriggerSql(constraint='CONSTRAINT', declare='DECLARE paid payments_paymentorder;', func="\nIF NOT (NEW.state <> 'failed' OR NEW.hand_noted_at IS NOT NULL) OR TG_OP = 'UPDATE' AND (OLD.state <> 'failed' OR OLD.hand_noted_at IS NOT NULL) THEN\n    RETURN NULL;\nEND IF;\nIF TG_OP = 'INSERT' THEN  -- Of two that come at once the second one sees the first.\n    PERFORM 1 FROM payments_paymentorder WHERE id = NEW.order_id FOR NO KEY UPDATE;\nEND IF;\nSELECT * INTO paid FROM payments_paymentorder WHERE id = NEW.order_id;\nIF paid.state NOT IN ('paid', 'late') OR paid.amount <\n    (SELECT sum(amount) FROM payments_refund AS other WHERE order_id = paid.id AND (other.state <> 'failed' OR other.hand_noted_at IS NOT NULL)) THEN\n    RAISE EXCEPTION 'more of order % goes back than was paid', paid.number USING ERRCODE = 'check_violation';\nEND IF;\nRETURN NULL;\n", hash='313784b71ca4d1ae22edddbb4527811aaf353b96', operation='INSERT OR UPDATE', pgid='pgtrigger_within_paid_424f5', table='payments_refund', timing='DEFERRABLE INITIALLY DEFERRED', when='AFTER')),
        ),
        migrations.AddConstraint(
            model_name='refund',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('hand_confirmed_at__isnull', True), ('hand_confirmed_by__isnull', True)), models.Q(('hand_confirmed_at__isnull', False), ('hand_confirmed_by__isnull', False), ('hand_noted_at__isnull', False), ('hand_noted_by__isnull', False), models.Q(('hand_confirmed_by', models.F('hand_noted_by')), _negated=True)), _connector='OR'), name='refund_by_hand_two_persons', violation_error_message='Who noted a refund by hand does not confirm it.'),
        ),
    ]
