"""Prices that were found too high afterwards, and who paid what of a paid bill stays."""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('billing', '0006_sharing'),
    ]

    operations = [
        migrations.CreateModel(
            name='PriceDecrease',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('amount', models.DecimalField(decimal_places=2, max_digits=12, verbose_name='too much')),
                ('cash_amount', models.DecimalField(decimal_places=2, max_digits=12, verbose_name='of it her cash')),
                ('key', models.CharField(help_text='which correction found it', max_length=80, unique=True, verbose_name='key')),
                ('at', models.DateTimeField(verbose_name='at')),
            ],
            options={
                'verbose_name': 'lower price found afterwards',
                'verbose_name_plural': 'lower prices found afterwards',
                'ordering': ['pk'],
            },
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='bill',
            name='frozen',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='feedetail',
            name='frozen',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='feedetail',
            name='returns_within_charged',
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='bill',
            trigger=pgtrigger.compiler.Trigger(name='frozen', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."number" IS DISTINCT FROM (NEW."number") OR OLD."encounter_id" IS DISTINCT FROM (NEW."encounter_id") OR OLD."purpose" IS DISTINCT FROM (NEW."purpose") OR OLD."stored_quote_id" IS DISTINCT FROM (NEW."stored_quote_id") OR OLD."sharing_id" IS DISTINCT FROM (NEW."sharing_id") OR OLD."reverses_id" IS DISTINCT FROM (NEW."reverses_id") OR OLD."reason" IS DISTINCT FROM (NEW."reason") OR OLD."total_amount" IS DISTINCT FROM (NEW."total_amount") OR OLD."opened_at" IS DISTINCT FROM (NEW."opened_at"))', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='654c78732982ce8fb68672bd62cfe3cff74c6fc4', operation='UPDATE', pgid='pgtrigger_frozen_5b3f2', table='billing_bill', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='bill',
            trigger=pgtrigger.compiler.Trigger(name='not_truncated', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'billing: % is never emptied', TG_TABLE_NAME;", hash='0cfe5eca76480c3ccdee935659545d88f02aa1c3', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_not_truncated_8bf50', table='billing_bill', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='bill',
            trigger=pgtrigger.compiler.Trigger(name='payers_of_paid_stay', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."account_amount" IS DISTINCT FROM (NEW."account_amount") OR OLD."cash_amount" IS DISTINCT FROM (NEW."cash_amount") OR OLD."family_amount" IS DISTINCT FROM (NEW."family_amount") OR OLD."fund_amount" IS DISTINCT FROM (NEW."fund_amount") OR OLD."institution_amount" IS DISTINCT FROM (NEW."institution_amount"))', func="\nIF OLD.state IN ('settled', 'refunded') THEN\n    RAISE EXCEPTION 'who paid what of a paid bill never changes' USING ERRCODE = 'check_violation';\nEND IF;\nRETURN NEW;\n", hash='719f86af136e2eeb7a3c5e4cac06216d41e9a353', operation='UPDATE', pgid='pgtrigger_payers_of_paid_stay_5da6d', table='billing_bill', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='feedetail',
            trigger=pgtrigger.compiler.Trigger(name='frozen', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."bill_id" IS DISTINCT FROM (NEW."bill_id") OR OLD."number" IS DISTINCT FROM (NEW."number") OR OLD."item_code" IS DISTINCT FROM (NEW."item_code") OR OLD."name" IS DISTINCT FROM (NEW."name") OR OLD."name_en" IS DISTINCT FROM (NEW."name_en") OR OLD."specification" IS DISTINCT FROM (NEW."specification") OR OLD."quantity" IS DISTINCT FROM (NEW."quantity") OR OLD."unit" IS DISTINCT FROM (NEW."unit") OR OLD."unit_price" IS DISTINCT FROM (NEW."unit_price") OR OLD."amount" IS DISTINCT FROM (NEW."amount") OR OLD."price_id" IS DISTINCT FROM (NEW."price_id") OR OLD."document_id" IS DISTINCT FROM (NEW."document_id") OR OLD."insurance_code" IS DISTINCT FROM (NEW."insurance_code") OR OLD."insurance_class" IS DISTINCT FROM (NEW."insurance_class") OR OLD."steps" IS DISTINCT FROM (NEW."steps") OR OLD."asked" IS DISTINCT FROM (NEW."asked") OR OLD."reverses_id" IS DISTINCT FROM (NEW."reverses_id"))', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='aae8883200350699f94020d07e33a472bf83e610', operation='UPDATE', pgid='pgtrigger_frozen_5cc87', table='billing_feedetail', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='feedetail',
            trigger=pgtrigger.compiler.Trigger(name='not_truncated', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'billing: % is never emptied', TG_TABLE_NAME;", hash='2bbc3ec5ae53b5778197a730187323d59c3e7384', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_not_truncated_a6c3d', table='billing_feedetail', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='feedetail',
            trigger=pgtrigger.compiler.Trigger(name='payers_of_paid_stay', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."account_amount" IS DISTINCT FROM (NEW."account_amount") OR OLD."cash_amount" IS DISTINCT FROM (NEW."cash_amount") OR OLD."family_amount" IS DISTINCT FROM (NEW."family_amount") OR OLD."fund_amount" IS DISTINCT FROM (NEW."fund_amount") OR OLD."institution_amount" IS DISTINCT FROM (NEW."institution_amount"))', func="\nIF EXISTS (SELECT 1 FROM billing_bill WHERE id = OLD.bill_id AND state IN ('settled', 'refunded')) THEN\n    RAISE EXCEPTION 'who paid what of a paid bill never changes' USING ERRCODE = 'check_violation';\nEND IF;\nRETURN NEW;\n", hash='96458f68375d7b69460fec39e1f1ce929c228ec3', operation='UPDATE', pgid='pgtrigger_payers_of_paid_stay_459e9', table='billing_feedetail', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='feedetail',
            trigger=pgtrigger.compiler.Trigger(name='returns_within_charged', sql=pgtrigger.compiler.UpsertTriggerSql(constraint='CONSTRAINT', declare='DECLARE given billing_feedetail;', func="\nIF NEW.reverses_id IS NULL THEN\n    IF EXISTS (SELECT 1 FROM billing_bill WHERE id = NEW.bill_id AND reverses_id IS NOT NULL) THEN\n        RAISE EXCEPTION 'a line of a return gives back a line' USING ERRCODE = 'check_violation';\n    END IF;\n    RETURN NULL;\nEND IF;\nSELECT * INTO given FROM billing_feedetail WHERE id = NEW.reverses_id;\nIF NOT EXISTS (SELECT 1 FROM billing_bill WHERE id = NEW.bill_id AND reverses_id = given.bill_id) THEN\n    RAISE EXCEPTION 'a return gives back lines of its own bill' USING ERRCODE = 'check_violation';\nEND IF;\nIF given.quantity + (SELECT sum(quantity) FROM billing_feedetail WHERE reverses_id = given.id) < 0 THEN\n    RAISE EXCEPTION 'more of line % goes back than was charged', given.number USING ERRCODE = 'check_violation';\nEND IF;\n\nIF given.amount + (SELECT coalesce(sum(amount), 0) FROM billing_feedetail WHERE reverses_id = given.id)\n    < (SELECT coalesce(sum(cash_amount), 0) FROM billing_pricedecrease WHERE line_id = given.id) THEN\n    RAISE EXCEPTION 'more yuan of line % go back than were paid', given.number USING ERRCODE = 'check_violation';\nEND IF;\nRETURN NULL;\n", hash='30410be9d608a45239d4e24c23c163f5d349be1a', operation='INSERT', pgid='pgtrigger_returns_within_charged_dcd3f', table='billing_feedetail', timing='DEFERRABLE INITIALLY DEFERRED', when='AFTER')),
        ),
        migrations.AddField(
            model_name='pricedecrease',
            name='line',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='decreases', to='billing.feedetail'),
        ),
        migrations.AddConstraint(
            model_name='pricedecrease',
            constraint=models.CheckConstraint(condition=models.Q(('amount__gt', 0), ('cash_amount__gte', 0), ('cash_amount__lte', models.F('amount'))), name='price_decrease_parts'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='pricedecrease',
            trigger=pgtrigger.compiler.Trigger(name='never_changes', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='f6fc18be5b1989d537d09e556f5e337070652358', operation='UPDATE OR DELETE', pgid='pgtrigger_never_changes_de4ed', table='billing_pricedecrease', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='pricedecrease',
            trigger=pgtrigger.compiler.Trigger(name='not_truncated', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'billing: % is never emptied', TG_TABLE_NAME;", hash='d1e94684498aef16b642c32069df9a2b5eb20864', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_not_truncated_8cb3c', table='billing_pricedecrease', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='pricedecrease',
            trigger=pgtrigger.compiler.Trigger(name='decreases_within_paid', sql=pgtrigger.compiler.UpsertTriggerSql(constraint='CONSTRAINT', declare='DECLARE given billing_feedetail;', func="\nSELECT * INTO given FROM billing_feedetail WHERE id = NEW.line_id;\nIF given.amount + (SELECT coalesce(sum(amount), 0) FROM billing_feedetail WHERE reverses_id = given.id)\n    < (SELECT coalesce(sum(cash_amount), 0) FROM billing_pricedecrease WHERE line_id = given.id) THEN\n    RAISE EXCEPTION 'more yuan of line % go back than were paid', given.number USING ERRCODE = 'check_violation';\nEND IF;\nRETURN NULL;\n", hash='9629793e0dd3a22a530826767920a88a8ce1e202', operation='INSERT', pgid='pgtrigger_decreases_within_paid_b634f', table='billing_pricedecrease', timing='DEFERRABLE INITIALLY DEFERRED', when='AFTER')),
        ),
    ]
