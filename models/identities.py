"""Identities: the account at a provider elsewhere with which a person signs in here."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Utc


class Identity(Base):
    """A person is known to a provider by this subject; the person said so, signed in here."""

    __tablename__ = "linked_identity"
    __table_args__ = (
        UniqueConstraint("issuer", "subject"),  # reader: who signs in, at each such sign-in
        UniqueConstraint("user_id", "issuer"),  # reader: a person's links; one at each provider
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    issuer: Mapped[str]
    subject: Mapped[str]  # the provider's, never given anew; names and addresses are
    shown: Mapped[str]  # what the person is called there, to know the link by; decides nothing
    linked_at: Mapped[datetime] = mapped_column(Utc)
