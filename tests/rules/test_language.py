"""The language of a text, told by its words or its script."""

# ruff: noqa: E501 - a text a line

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndicate import Cleaner
from syndicate.rules.language import language_of

TEXTS = {
    "en": "The gates of the lock are shut, and they will stay shut all week while divers look at the pier for rust.",
    "de": "Die Tore der Schleuse sind zu, und sie bleiben die ganze Woche geschlossen, weil es an der Mauer nicht hält.",
    "fr": "Les portes de l'écluse sont fermées et elles le resteront toute la semaine, car des plongeurs sont dans le canal.",
    "es": "Las puertas de la esclusa están cerradas y seguirán así toda la semana, porque los buzos no han terminado con el muro.",
    "it": "Le porte della chiusa sono chiuse e lo saranno per tutta la settimana, perché i sommozzatori non hanno finito con il muro.",
    "pt": "As portas da eclusa estão fechadas e vão ficar assim por toda a semana, porque os mergulhadores não acabaram com o muro.",
    "nl": "De deuren van de sluis zijn dicht en blijven het de hele week, omdat de duikers nog niet klaar zijn met het werk aan de muur.",
    "pl": "Wrota śluzy są zamknięte i nie zostaną otwarte przez cały tydzień, bo nurkowie jeszcze są na dole i to się nie skończy do soboty.",
    "tr": "Havuzun kapıları kapalı ve bütün hafta böyle kalacak, çünkü dalgıçlar duvar için daha bir gün ve sonra bir gece olarak çok kez inecek.",
    "ru": "Ворота шлюза закрыты и не откроются всю неделю, потому что водолазы ещё не закончили работу на стене, и это не на день.",
    "uk": "Ворота шлюзу зачинені і не відкриються весь тиждень, бо водолази ще не закінчили роботу на стіні, і це не на день, а до суботи.",
    "ar": "أبواب السد مغلقة في هذا الأسبوع على ما قال المدير من المدينة إلى الميناء بعد أن نزل الغواصون في الماء مع الفريق الذي كان هناك.",
    "fa": "درهای آب‌بند در این هفته بسته است و غواصان که به دیوار رسیدند از آن با یک گزارش برای شهر برگشتند و این را تا شنبه گفت.",
    "ja": "水門は一週間閉まったままで、潜水士が壁を調べている。",
    "ko": "수문은 일주일 내내 닫혀 있을 것이며 잠수부들이 벽을 조사하고 있다.",
    "zh": "水闸将关闭一周，潜水员正在检查墙体。",
}


@pytest.mark.parametrize(("language", "text"), TEXTS.items(), ids=TEXTS)
def test_each_language_is_told_from_the_others(language: str, text: str) -> None:
    assert language_of(text) == language


@pytest.mark.parametrize(
    "text", ["", "Lock", "1 2 3 4", "Marrow Lock gates shut, ferries wait upstream.", "\ud83d" * 40]
)
def test_a_text_that_shows_too_little_is_of_no_known_language(text: str) -> None:
    assert language_of(text) is None


@given(st.text())
def test_no_text_raises(text: str) -> None:
    assert language_of(text) in {None, *TEXTS}


def test_the_words_of_a_page_beat_what_it_claims() -> None:
    cleaner = Cleaner(["core"])
    story = f"<p>{TEXTS['de']}</p>" * 3
    for claimed in ("en", "de", ""):
        page = f'<html lang="{claimed}"><body><article>{story}<p>Artikel teilen</p></article></body></html>'
        assert "teilen" not in cleaner.clean(page).text
