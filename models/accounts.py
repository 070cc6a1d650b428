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
    # Browser and system in two words, for its owner to know it by; no address, no version.
    device: Mapped[str | None]


class HalfSession(Base):
    """A right password that still wants its code; a row here opens nothing but that question."""

    __tablename__ = "half_session"
    __table_args__ = (Index("ix_half_session_user_id", "user_id"),)  # reader: end all of a user's

    id: Mapped[int] = mapped_column(primary_key=True)
    token_sha256: Mapped[str] = mapped_column(unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    began_at: Mapped[datetime] = mapped_column(Utc)


class ResetLink(Base):
    """A link by which a person sets a password once; an administrator made it."""

    __tablename__ = "reset_link"
    __table_args__ = (Index("ix_reset_link_user_id", "user_id"),)  # reader: void a user's links

    id: Mapped[int] = mapped_column(primary_key=True)
    token_sha256: Mapped[str] = mapped_column(unique=True)  # the link's token is kept nowhere
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    expires_at: Mapped[datetime] = mapped_column(Utc)


class SecondFactor(Base):
    """What makes a person's one-time codes (RFC 6238); unconfirmed it asks nobody for anything."""

    __tablename__ = "second_factor"

    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), primary_key=True)
    sealed_secret: Mapped[str]  # under a key that is not in the database
    made_at: Mapped[datetime] = mapped_column(Utc)
    confirmed_at: Mapped[datetime | None] = mapped_column(Utc)
    last_step: Mapped[int]  # the newest time-step whose code was used: none is taken twice


class RecoveryCode(Base):
    """A code for when the second factor is lost; the row goes with its use."""

    __tablename__ = "recovery_code"
    __table_args__ = (Index("ix_recovery_code_user_id", "user_id"),)  # reader: is it one of hers

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    code_sha256: Mapped[str]


class SignInFailure(Base):
    """A sign-in that failed, so that guessing gets slow; swept once it no longer counts."""

    __tablename__ = "sign_in_failure"
    __table_args__ = (Index("ix_sign_in_failure_source", "source", "at"),)  # reader: too many?

    id: Mapped[int] = mapped_column(primary_key=True)
    source: Mapped[str]  # SHA-256 of what is throttled: login and address, or address alone
    at: Mapped[datetime] = mapped_column(Utc)
