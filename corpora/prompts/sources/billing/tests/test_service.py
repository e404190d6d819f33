from datetime import date, datetime, timezone
from decimal import Decimal
from unittest.mock import Mock

import pytest
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from billing.models import Base, Customer, InvoiceStatus
from billing.service import BillingError, InvalidTransition, InvoiceNotFound, InvoiceService, LineItem
from billing.settings import Settings


@pytest.fixture
def session():
    engine = create_engine("sqlite://")
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        yield session


@pytest.fixture
def customer(session):
    customer = Customer(name="Ada GmbH", email="ada@example.com", country="DE")
    session.add(customer)
    session.flush()
    return customer


@pytest.fixture
def service(session):
    return InvoiceService(session, Settings(tax_rates={"FR": Decimal("0.20")}), mailer=Mock())


@pytest.fixture
def items():
    return [
        LineItem("Consulting", Decimal("2.5"), Decimal("120.00")),
        LineItem("Travel", Decimal("1"), Decimal("49.90")),
    ]


class TestCreate:
    def test_lines_keep_their_order(self, service, customer, items):
        invoice = service.create(customer, items)
        assert [line.description for line in invoice.lines] == ["Consulting", "Travel"]
        assert [line.position for line in invoice.lines] == [0, 1]
        assert invoice.net_total == Decimal("349.90")

    def test_an_invoice_without_lines_is_refused(self, service, customer):
        with pytest.raises(BillingError, match="at least one line"):
            service.create(customer, [])

    @pytest.mark.parametrize("quantity", [Decimal("0"), Decimal("-1")])
    def test_quantities_must_be_positive(self, service, customer, quantity):
        with pytest.raises(BillingError, match="must be positive"):
            service.create(customer, [LineItem("x", quantity, Decimal("1"))])


class TestFinalize:
    def test_number_and_due_date(self, service, customer, items):
        invoice = service.create(customer, items)
        service.finalize(invoice.id, today=date(2026, 3, 1))
        assert invoice.number == "RE-2026-00001"
        assert invoice.due_date == date(2026, 3, 15)
        assert invoice.status is InvoiceStatus.OPEN

    def test_numbers_have_no_gaps(self, service, customer, items):
        numbers = []
        for _ in range(3):
            invoice = service.create(customer, items)
            numbers.append(service.finalize(invoice.id, today=date(2026, 1, 2)).number)
        assert numbers == ["RE-2026-00001", "RE-2026-00002", "RE-2026-00003"]

    def test_the_tax_rate_is_that_of_the_country(self, service, customer, items):
        customer.country = "FR"
        invoice = service.finalize(service.create(customer, items).id)
        assert invoice.gross_total == Decimal("419.88")

    def test_only_once(self, service, customer, items):
        invoice = service.create(customer, items)
        service.finalize(invoice.id)
        with pytest.raises(InvalidTransition):
            service.finalize(invoice.id)


class TestPayment:
    def test_paid(self, service, customer, items):
        invoice = service.finalize(service.create(customer, items).id)
        when = datetime(2026, 3, 4, tzinfo=timezone.utc)
        service.mark_paid(invoice.id, invoice.gross_total, paid_at=when)
        assert invoice.status is InvoiceStatus.PAID
        assert invoice.paid_at == when

    def test_a_few_cents_do_not_matter(self, service, customer, items):
        invoice = service.finalize(service.create(customer, items).id)
        service.mark_paid(invoice.id, invoice.gross_total - Decimal("0.05"))
        assert invoice.status is InvoiceStatus.PAID

    def test_a_wrong_amount_is_refused(self, service, customer, items):
        invoice = service.finalize(service.create(customer, items).id)
        with pytest.raises(BillingError, match="expected"):
            service.mark_paid(invoice.id, Decimal("1.00"))

    def test_unknown_invoice(self, service):
        with pytest.raises(InvoiceNotFound):
            service.mark_paid(4711, Decimal("1.00"))


def test_reminders_are_sent_once_per_customer(service, customer, items):
    for _ in range(2):
        service.finalize(service.create(customer, items).id, today=date(2026, 1, 1))
    assert service.send_reminders(today=date(2026, 2, 1)) == 1
    service.mailer.send.assert_called_once()
    assert service.mailer.send.call_args.kwargs["to"] == "ada@example.com"
