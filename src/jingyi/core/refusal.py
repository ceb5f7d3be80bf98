"""The one kind of failure a person is told about."""

from jingyi.core.words import Sentence, say


class Refusal(Exception):
    """What was asked cannot be done, for a reason outside the program.

    Carries a `Sentence`: what, why and what next. Anything that is not a
    `Refusal` is a defect and must not be caught.
    """

    def __init__(self, text: str | Sentence, /, **values: object) -> None:
        self.sentence = text if isinstance(text, Sentence) else say(text, **values)
        super().__init__(str(self.sentence))
