"""What the billing service does with invoices: create, finalize, pay, remind."""

import logging
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Dict, Iterable, List, Optional

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from billing.mail import Mailer
from billing.models import Customer, Invoice, InvoiceLine, InvoiceStatus
from billing.settings import Settings

logger = logging.getLogger(__name__)


class BillingError(Exception):
    """Base class of all errors that the API shows to its users."""


class InvoiceNotFound(BillingError):
    def __init__(self, invoice_id: int) -> None:
        super().__init__(f"invoice {invoice_id} does not exist")
        self.invoice_id = invoice_id


class InvalidTransition(BillingError):
    def __init__(self, invoice: Invoice, wanted: InvoiceStatus) -> None:
        super().__init__(f"invoice {invoice.number} is {invoice.status.value} and cannot become {wanted.value}")


@dataclass
class LineItem:
    description: str
    quantity: Decimal
    unit_price: Decimal


class InvoiceService:
    """All operations on invoices. One instance per request; the session is committed by the caller.

    Args:
        session: the database session of the request.
        settings: payment terms and number format.
        mailer: sends reminders; None in tests.
    """

    def __init__(self, session: Session, settings: Settings, mailer: Optional[Mailer] = None) -> None:
        self.session = session
        self.settings = settings
        self.mailer = mailer

    def get(self, invoice_id: int) -> Invoice:
        """Load an invoice with its lines.

        Raises:
            InvoiceNotFound: there is no invoice with this id.
        """
        query = select(Invoice).options(selectinload(Invoice.lines)).where(Invoice.id == invoice_id)
        invoice = self.session.execute(query).scalar_one_or_none()
        if invoice is None:
            raise InvoiceNotFound(invoice_id)
        return invoice

    def create(self, customer: Customer, items: Iterable[LineItem], currency: str = "EUR") -> Invoice:
        """Create a draft for a customer.

        Lines keep the order in which they are given. The invoice gets its number only when it is finalized, so that
        there are no gaps between numbers.
        """
        invoice = Invoice(customer=customer, currency=currency, number="", status=InvoiceStatus.DRAFT)
        for position, item in enumerate(items):
            if item.quantity <= 0:
                raise BillingError(f"quantity must be positive, got {item.quantity}")
            invoice.lines.append(
                InvoiceLine(
                    position=position,
                    description=item.description,
                    quantity=item.quantity,
                    unit_price=item.unit_price,
                )
            )
        if not invoice.lines:
            raise BillingError("an invoice needs at least one line")
        self.session.add(invoice)
        self.session.flush()
        logger.info("created draft %s for customer %s", invoice.id, customer.id)
        return invoice

    def finalize(self, invoice_id: int, today: Optional[date] = None) -> Invoice:
        invoice = self.get(invoice_id)
        if invoice.status is not InvoiceStatus.DRAFT:
            raise InvalidTransition(invoice, InvoiceStatus.OPEN)
        today = today or date.today()
        invoice.number = self._next_number(today.year)
        invoice.due_date = today + timedelta(days=self.settings.payment_days)
        invoice.tax_rate = self.settings.tax_rates.get(invoice.customer.country, self.settings.default_tax_rate)
        invoice.status = InvoiceStatus.OPEN
        self.session.flush()
        return invoice

    def mark_paid(self, invoice_id: int, amount: Decimal, paid_at: Optional[datetime] = None) -> Invoice:
        """Record a payment.

        Partial payments are not supported: the amount has to match the gross total, give or take the tolerance of the
        settings, because banks sometimes deduct a fee of a few cents.
        """
        invoice = self.get(invoice_id)
        if invoice.status is not InvoiceStatus.OPEN:
            raise InvalidTransition(invoice, InvoiceStatus.PAID)
        difference = abs(invoice.gross_total - amount)
        if difference > self.settings.payment_tolerance:
            raise BillingError(f"expected {invoice.gross_total}, got {amount}")
        invoice.status = InvoiceStatus.PAID
        invoice.paid_at = paid_at or datetime.now(timezone.utc)
        self.session.flush()
        return invoice

    def overdue(self, today: Optional[date] = None) -> List[Invoice]:
        today = today or date.today()
        query = (
            select(Invoice)
            .options(selectinload(Invoice.lines), selectinload(Invoice.customer))
            .where(Invoice.status == InvoiceStatus.OPEN, Invoice.due_date < today)
            .order_by(Invoice.due_date, Invoice.id)
        )
        return list(self.session.execute(query).scalars())

    def send_reminders(self, today: Optional[date] = None) -> int:
        """Send one mail per customer with all overdue invoices; returns how many mails were sent."""
        by_customer: Dict[int, List[Invoice]] = defaultdict(list)
        for invoice in self.overdue(today):
            by_customer[invoice.customer_id].append(invoice)
        sent = 0
        for customer_id, invoices in by_customer.items():
            customer = invoices[0].customer
            total = sum((invoice.gross_total for invoice in invoices), Decimal(0))
            if total < self.settings.reminder_minimum:
                logger.debug("customer %s owes only %s, no reminder", customer_id, total)
                continue
            if self.mailer is not None:
                self.mailer.send(
                    to=customer.email,
                    subject=f"Payment reminder: {len(invoices)} open invoice(s)",
                    template="reminder.txt",
                    context={"customer": customer, "invoices": invoices, "total": total},
                )
            sent += 1
        return sent

    def revenue_by_month(self, year: int) -> Dict[int, Decimal]:
        """Net revenue of paid invoices per month, months without any included."""
        result = {month: Decimal(0) for month in range(1, 13)}
        query = select(Invoice).options(selectinload(Invoice.lines)).where(Invoice.status == InvoiceStatus.PAID)
        for invoice in self.session.execute(query).scalars():
            if invoice.paid_at is not None and invoice.paid_at.year == year:
                result[invoice.paid_at.month] += invoice.net_total
        return result

    def _next_number(self, year: int) -> str:
        prefix = f"{self.settings.number_prefix}{year}-"
        query = select(func.max(Invoice.number)).where(Invoice.number.startswith(prefix))
        last = self.session.execute(query).scalar()
        count = int(last.removeprefix(prefix)) if last else 0
        return f"{prefix}{count + 1:05d}"
