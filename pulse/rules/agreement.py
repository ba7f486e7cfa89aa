"""Means, spread and agreement of answers on a five-point scale."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean, variance

# Not computed under the first number of respondents, shown with a warning under the second.
LEAST, FEW = 3, 5
# The variance of answers spread evenly over five points: (5 * 5 - 1) / 12.
UNIFORM = 2.0


def agreement(answers: Sequence[int]) -> float | None:
    """
    `r_wg` of one five-point item: 1 where all agree, 0 where they answer as if at random; None under LEAST.

    1 - s2 / 2 with the sample variance s2, below 0 set to 0 (James, Demaree and Wolf 1984; guide page).
    """
    if len(answers) < LEAST:
        return None
    return max(0.0, 1 - variance(answers) / UNIFORM)


@dataclass(frozen=True)
class Summary:
    """What is said of a set of answers: how many people, their mean, its spread (SD), their agreement."""

    people: int
    mean: float
    spread: float
    agreement: float | None

    @property
    def few(self) -> bool:
        """So few people that agreement says little."""
        return self.people < FEW


def summary(people: Sequence[Sequence[int]]) -> Summary | None:
    """
    A subscale over people: each person's mean over the items they answered, then mean and SD over persons.

    `people` has a row a person, its items in one order, 0 where left out. The agreement is the mean of the items'
    `r_wg`. None where nobody answered anything.
    """
    means = [fmean(given) for given in ([answer for answer in row if answer] for row in people) if given]
    if not means:
        return None
    items = [agreement([answer for answer in column if answer]) for column in zip(*people, strict=True)]
    known = [item for item in items if item is not None]
    return Summary(
        people=len(means),
        mean=fmean(means),
        spread=variance(means) ** 0.5 if len(means) > 1 else 0.0,
        agreement=fmean(known) if known else None,
    )
