"""Accounts: how a person signs in, the sessions that are open, sign-ins that failed."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Utc


class Password(Base):
    """A person's password as an argon2id hash; who has none cannot sign in."""

    __tablename__ = "password"

    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), primary_key=True)
    hash: Mapped[str]
    set_at: Mapped[datetime] = mapped_column(Utc)


class WebSession(Base):
    """One sign-in; ended here it is ended everywhere, whatever cookie is still about."""

    __tablename__ = "web_session"
    __table_args__ = (Index("ix_web_session_user_id", "user_id"),)  # reader: end all of a user's

    id: Mapped[int] = mapped_column(primary_key=True)
    token_sha256: Mapped[str] = mapped_column(unique=True)  # the cookie's token is kept nowhere
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    began_at: Mapped[datetime] = mapped_column(Utc)
    seen_at: Mapped[datetime] = mapped_column(Utc)  # to a few minutes
    ended_at: Mapped[datetime | None] = mapped_column(Utc)


class SignInFailure(Base):
    """A sign-in that failed, so that guessing gets slow; swept once it no longer counts."""

    __tablename__ = "sign_in_failure"
    __table_args__ = (Index("ix_sign_in_failure_source", "source", "at"),)  # reader: too many?

    id: Mapped[int] = mapped_column(primary_key=True)
    source: Mapped[str]  # SHA-256 of what is throttled: login and address, or address alone
    at: Mapped[datetime] = mapped_column(Utc)
