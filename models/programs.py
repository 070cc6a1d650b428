"""Programs that work in a person's name: their tokens, and what they were answered."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Utc


class ApiToken(Base):
    """What a program shows instead of a password; it may do what its owner may, or less."""

    __tablename__ = "api_token"
    __table_args__ = (Index("ix_api_token_user_id", "user_id"),)  # reader: the tokens of a person

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    name: Mapped[str]  # what it is for, as its owner calls it
    token_sha256: Mapped[str] = mapped_column(unique=True)  # the token itself is kept nowhere
    hint: Mapped[str]  # how it begins, for its owner to know it by
    scopes: Mapped[str]  # words of cascade.tokens.SCOPES, parted by blanks
    made_at: Mapped[datetime] = mapped_column(Utc)
    expires_at: Mapped[datetime] = mapped_column(Utc)
    ended_at: Mapped[datetime | None] = mapped_column(Utc)
    used_on: Mapped[date | None]  # a day, no hour: it is not to tell when somebody works


class ApiAnswer(Base):
    """What an act asked for under a key was answered, so that asking again does nothing twice."""

    __tablename__ = "api_answer"
    __table_args__ = (
        UniqueConstraint("user_id", "key"),
        Index("ix_api_answer_at", "at"),  # reader: those that are kept no longer
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    key: Mapped[str]
    asked_sha256: Mapped[str]  # of the request: the same key may not ask for something else
    at: Mapped[datetime] = mapped_column(Utc)
    status: Mapped[int]
    location: Mapped[str | None]
    etag: Mapped[str | None]
    body: Mapped[str]
