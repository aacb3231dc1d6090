"""Tags of the design system draw what they promise."""

import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
import time_machine
from django import forms
from django.template import Context, Template
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from kernel.icons import UnknownIcon
from kernel.templatetags import ui


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


def drawn(source: str, **context: object) -> str:
    return Template("{% load ui %}" + source).render(Context(context))


class Booking(forms.Form):
    mobile = forms.CharField(label="Mobile number", help_text="11 digits")
    note = forms.CharField(label="Note", required=False, widget=forms.Textarea)
    way = forms.ChoiceField(label="How", choices=[("a", "Text"), ("b", "Video")], widget=forms.RadioSelect)
    agrees = forms.BooleanField(label="I agree", help_text="Version 3")
    proof = forms.FileField(label="Proof", required=False)


def test_an_icon_points_into_the_sprite_and_is_hidden_from_screen_readers() -> None:
    shown = drawn('{% icon "home" "s" %}')
    assert "icons.svg#i-home" in shown
    assert 'aria-hidden="true"' in shown
    assert "icon--s" in shown


def test_an_icon_that_the_sprite_does_not_have_is_refused() -> None:
    with pytest.raises(UnknownIcon):
        ui.icon("unicorn")


@pytest.mark.parametrize("kind", ["waiting", "progress", "needs", "confirming", "done", "stopped", "refused"])
def test_every_state_has_an_icon_and_a_word(kind: str) -> None:
    shown = ui.state_badge(kind)
    assert f"state--{kind}" in shown
    assert "<use" in shown
    assert re.sub(r"<[^>]+>", "", shown).strip()


def test_a_state_may_say_it_in_its_own_words_and_escapes_them() -> None:
    assert "&lt;b&gt;" in ui.state_badge("done", "<b>")


def test_a_field_ties_label_help_and_control_together() -> None:
    shown = drawn("{% field form.mobile %}", form=Booking())
    assert '<label class="field__label" for="id_mobile">' in shown
    assert 'id="id_mobile-help"' in shown
    assert 'aria-describedby="id_mobile-help"' in shown
    assert "aria-invalid" not in shown


def test_a_refused_field_says_so_beside_the_control() -> None:
    shown = drawn("{% field form.mobile %}", form=Booking({}))
    assert 'aria-invalid="true"' in shown
    assert 'aria-describedby="id_mobile-help id_mobile-error"' in shown
    assert 'id="id_mobile-error"' in shown


def test_a_field_that_may_stay_empty_says_optional() -> None:
    assert "(optional)" in drawn("{% field form.note %}", form=Booking())
    assert "(optional)" not in drawn("{% field form.note required=True %}", form=Booking())


def test_choices_are_a_group_with_a_legend() -> None:
    shown = drawn('{% field form.way layout="cards" %}', form=Booking())
    assert "<fieldset" in shown
    assert "<legend" in shown
    assert "options--cards" in shown
    assert shown.count('type="radio"') == 2


def test_a_refused_group_is_described_by_its_message() -> None:
    shown = drawn("{% field form.way %}", form=Booking({}))
    assert 'id="id_way" aria-describedby="id_way-error"' in shown
    assert 'id="id_way-error"' in shown


def test_a_tick_has_its_label_beside_it() -> None:
    shown = drawn("{% field form.agrees %}", form=Booking())
    assert '<label class="option" for="id_agrees">' in shown
    assert "Version 3" in shown


def test_a_file_field_has_a_place_for_the_names_chosen() -> None:
    assert "filefield__names" in drawn("{% field form.proof %}", form=Booking())


def test_the_summary_links_every_refusal_to_its_field_and_names_the_label_when_the_words_do_not() -> None:
    shown = drawn('{% include "components/error_summary.html" %}', form=Booking({}))
    assert '<a href="#id_mobile">Mobile number: This field is required.</a>' in shown
    assert "3 things to put right" in shown


def test_the_summary_takes_problems_of_the_page_too() -> None:
    shown = drawn(
        '{% include "components/error_summary.html" %}',
        problems=[{"field": "when", "message": "Choose a time."}],
    )
    assert '<a href="#when">Choose a time.</a>' in shown
    assert "One thing to put right" in shown


def test_there_is_no_summary_when_nothing_is_wrong() -> None:
    assert "summary" not in drawn('{% include "components/error_summary.html" %}', form=Booking())


fen = st.decimals(min_value=0, max_value=100_000, places=2)


@given(fund=fen, account=fen, cash=fen)
def test_the_parts_of_the_split_bar_lie_side_by_side_and_fill_it(
    fund: Decimal, account: Decimal, cash: Decimal
) -> None:
    bars = ui._bars(fund, account, cash)
    assert bool(bars) == bool(fund + account + cash)
    for (_one, x, width), (_next, next_x, _width) in pairwise(bars):
        assert x + width <= next_x
    if bars:
        assert bars[-1][1] + bars[-1][2] == 1000


def test_the_split_bar_tells_the_amounts_to_a_screen_reader() -> None:
    shown = drawn("{% split_bar a b c %}", a=Decimal("38.18"), b=Decimal("19.62"), c=Decimal(8))
    assert 'aria-label="Fund ¥38.18, personal account ¥19.62, you pay ¥8.00"' in shown


def test_a_countdown_carries_deadline_and_the_clock_of_the_server() -> None:
    now = datetime(2026, 11, 25, 4, 0, tzinfo=UTC)
    with time_machine.travel(now, tick=False):
        shown = ui.countdown(now + timedelta(minutes=15))
    assert 'data-now="2026-11-25T04:00:00+00:00"' in shown
    assert ">15:00<" in shown


@pytest.mark.parametrize(("value", "width"), [(42, "42"), (-3, "0"), (300, "100")])
def test_a_meter_stays_within_its_frame(value: int, width: str) -> None:
    assert f'width="{width}"' in ui.meter(value, 100)


def test_a_code_to_scan_is_drawn_without_inline_style() -> None:
    shown = ui.qr("weixin://wxpay/bizpayurl?pr=1", "Scan")
    assert "<svg" in shown
    assert "style=" not in shown


def test_a_sheet_is_a_dialog_with_its_title() -> None:
    shown = drawn('{% sheet "why" "Why ¥7.00" %}<p>Because</p>{% endsheet %}')
    assert '<dialog class="sheet" id="why" aria-labelledby="why-title">' in shown
    assert "<p>Because</p>" in shown
