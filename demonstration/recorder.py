"""Keeps what an offscreen demonstration did: a picture and a duration a step, the documents, a one-page summary."""

from __future__ import annotations

import html
import time
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol


class Picture(Protocol):
    """What a widget's ``grab()`` gives."""

    def save(self, path: str) -> bool:
        """Write the file; False when it could not."""


class StepFailed(Exception):
    """A step did not end as it should; the summary says which."""


@dataclass(frozen=True)
class Step:
    """One step as it went. ``seconds`` is what the user would have waited, typing included at machine speed."""

    job: str
    title: str
    seconds: float
    picture: str
    failure: str = ""


@dataclass
class Recorder:
    """Writes into ``folder``; ``grab`` takes the picture of what is on screen."""

    folder: Path
    grab: Callable[[], Picture]
    steps: list[Step] = field(default_factory=list)
    documents: list[str] = field(default_factory=list)
    job: str = ""

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)

    @contextmanager
    def step(self, title: str) -> Iterator[None]:
        """Time a step and take its picture, also when it fails. Raises StepFailed."""
        start = time.perf_counter()
        failure = ""
        try:
            yield
        except Exception as error:
            failure = f"{type(error).__name__}: {error}"
            raise StepFailed(f"{self.job} — {title} — {failure}") from error
        finally:
            seconds = time.perf_counter() - start
            self.steps.append(Step(self.job, title, seconds, self._picture(title), failure))

    def _picture(self, title: str) -> str:
        name = f"{len(self.steps) + 1:02d}-{_slug(title)}.png"
        if not self.grab().save(str(self.folder / name)):
            raise OSError("a picture could not be written")
        return name

    def keep(self, name: str, content: bytes) -> None:
        """Leave a deposited document in the folder."""
        (self.folder / name).write_bytes(content)
        self.documents.append(name)

    def write_summary(self, environment: str) -> Path:
        """``resume.html``: what was done, how long each step took, what was deposited."""
        path = self.folder / "resume.html"
        path.write_text(_page(self, environment), "utf-8")
        return path

    @property
    def failed(self) -> bool:
        """Whether any step failed."""
        return any(step.failure for step in self.steps)


def _slug(title: str) -> str:
    plain = "".join(c for c in unicodedata.normalize("NFKD", title.lower()) if not unicodedata.combining(c))
    kept = "".join(c if c.isascii() and c.isalnum() else "-" for c in plain)
    return "-".join(part for part in kept.split("-") if part)[:60]


def _page(recorder: Recorder, environment: str) -> str:
    outcome = "Une étape a échoué." if recorder.failed else "Toutes les étapes ont réussi."
    rows = "\n".join(_row(step) for step in recorder.steps)
    documents = "\n".join(f'<li><a href="{html.escape(n)}">{html.escape(n)}</a></li>' for n in recorder.documents)
    return f"""<!DOCTYPE html>
<html lang="fr"><head><meta charset="utf-8"><title>Praticien — démonstration</title>
<style>
body {{ font: 15px/1.5 sans-serif; max-width: 60rem; margin: 2rem auto; color: #1c2530 }}
table {{ border-collapse: collapse; width: 100% }}
td, th {{ border-bottom: 1px solid #d5dbe3; padding: .3rem .5rem; text-align: left; vertical-align: top }}
td.t {{ text-align: right; white-space: nowrap }}
.ko {{ color: #a11 ; font-weight: bold }}
</style></head><body>
<h1>Praticien — démonstration jouée sans écran</h1>
<p>{html.escape(outcome)} {html.escape(environment)}
Toutes les personnes sont fictives. Durées mesurées à la vitesse de la machine, gestes compris.</p>
<table><tr><th>Parcours</th><th>Étape</th><th>Durée</th><th>Image</th></tr>
{rows}
</table>
<h2>Documents déposés</h2>
<ul>
{documents}
</ul>
</body></html>
"""


def _row(step: Step) -> str:
    failure = f'<div class="ko">{html.escape(step.failure)}</div>' if step.failure else ""
    return (
        f"<tr><td>{html.escape(step.job)}</td><td>{html.escape(step.title)}{failure}</td>"
        f'<td class="t">{step.seconds:.2f} s</td><td><a href="{step.picture}">{step.picture}</a></td></tr>'
    )
