"""Wishes speak of effect and thresholds, too, and every setting of a rule is kept."""

from datetime import datetime, time

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models
from django.utils import timezone


def fill(apps, schema_editor):
    """Old wishes leave effect and thresholds alone; each rule has been as shipped until its first switch."""
    change_model, version_model = (apps.get_model("screening", name) for name in ("RuleChange", "RuleVersion"))
    for rule in apps.get_model("screening", "ScreeningRule").objects.order_by("pk"):
        said = {"effect": rule.effect, "thresholds": rule.thresholds}
        changes = change_model.objects.filter(rule=rule)
        changes.update(needs_second_person=False, **said)
        carried_out = list(changes.filter(state="carried_out").order_by("pk"))
        first_on = not carried_out[0].is_on if carried_out else rule.is_on
        since = timezone.make_aware(datetime.combine(rule.effective.lower, time.min))
        version_model.objects.create(rule=rule, number=1, is_on=first_on, begins_at=since, **said)
        for number, change in enumerate(carried_out, start=2):
            version_model.objects.create(
                rule=rule, number=number, is_on=change.is_on, begins_at=change.decided_at, change=change, **said
            )


class Migration(migrations.Migration):

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("screening", "0001_initial"),
    ]

    operations = [
        migrations.RemoveConstraint("ruleswitch", "rule_switch_one_open"),
        migrations.RenameModel("RuleSwitch", "RuleChange"),
        migrations.RenameField("rulechange", "turns_on", "is_on"),
        migrations.CreateModel(
            name='RuleVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField(verbose_name='version')),
                ('is_on', models.BooleanField(verbose_name='on')),
                ('effect', models.CharField(choices=[('deny', 'denies'), ('warn', 'warns'), ('record', 'records')], max_length=10, verbose_name='effect')),
                ('thresholds', models.JSONField(default=dict, help_text='name -> number as text', verbose_name='thresholds')),
                ('begins_at', models.DateTimeField(verbose_name='in force from')),
            ],
            options={
                'verbose_name': 'version of a rule',
                'verbose_name_plural': 'versions of rules',
                'ordering': ['rule', 'number'],
            },
        ),
        migrations.AlterModelOptions(
            name='rulechange',
            options={'ordering': ['-pk'], 'verbose_name': 'change of a rule', 'verbose_name_plural': 'changes of rules'},
        ),
        migrations.AddField(
            model_name='rulechange',
            name='effect',
            field=models.CharField(choices=[('deny', 'denies'), ('warn', 'warns'), ('record', 'records')], default='warn', max_length=10, verbose_name='effect'),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='rulechange',
            name='needs_second_person',
            field=models.BooleanField(default=False, verbose_name='a second person decides'),
        ),
        migrations.AddField(
            model_name='rulechange',
            name='thresholds',
            field=models.JSONField(default=dict, help_text='name -> number as text', verbose_name='thresholds'),
        ),
        migrations.AlterField(
            model_name='rulechange',
            name='is_on',
            field=models.BooleanField(verbose_name='on'),
        ),
        migrations.AlterField(
            model_name='rulechange',
            name='rule',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='changes', to='screening.screeningrule'),
        ),
        migrations.AddConstraint(
            model_name='rulechange',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'proposed')), fields=('rule',), name='rule_change_one_open'),
        ),
        migrations.AddConstraint(
            model_name='rulechange',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('needs_second_person', True), ('state', 'carried_out'), _negated=True), models.Q(('decided_by__isnull', False), models.Q(('decided_by', models.F('proposed_by')), _negated=True)), _connector='OR'), name='rule_change_two_persons'),
        ),
        migrations.AddField(
            model_name='ruleversion',
            name='change',
            field=models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='version', to='screening.rulechange'),
        ),
        migrations.AddField(
            model_name='ruleversion',
            name='rule',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='screening.screeningrule'),
        ),
        migrations.AddConstraint(
            model_name='ruleversion',
            constraint=models.UniqueConstraint(fields=('rule', 'number'), name='rule_version_once'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='ruleversion',
            trigger=pgtrigger.compiler.Trigger(name='never_changes', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='d822ed4f96d086f05026a7279579b7654d5b19ce', operation='UPDATE OR DELETE', pgid='pgtrigger_never_changes_c5ba4', table='screening_ruleversion', when='BEFORE')),
        ),
        # Last: rows that were just written cannot be followed by changes of their table.
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
