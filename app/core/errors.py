"""How a service says no."""


class Refusal(Exception):  # noqa: N818  (the field calls it a refusal; "RefusalError" says it twice)
    """A request that was understood and refused: a sentence for the person, and the field it is about.

    Nothing has been stored when it is raised: the edge rolls back, shows the sentence, and keeps what was typed.
    """

    def __init__(self, sentence: str, field: str | None = None) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.field = field


class Missing(Refusal):
    """The named object does not exist, or not for this person: the web shows 404 for both."""
