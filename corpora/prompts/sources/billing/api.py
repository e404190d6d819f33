"""HTTP interface of the billing service."""

from datetime import date
from decimal import Decimal
from typing import Annotated, List, Optional

from fastapi import APIRouter, Depends, HTTPException, Query, status
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.orm import Session

from billing.dependencies import current_user, get_service, get_session
from billing.models import Customer, InvoiceStatus
from billing.service import BillingError, InvoiceNotFound, InvoiceService, LineItem

router = APIRouter(prefix="/invoices", tags=["invoices"], dependencies=[Depends(current_user)])


class LineIn(BaseModel):
    description: str = Field(min_length=1, max_length=500)
    quantity: Decimal = Field(gt=0)
    unit_price: Decimal


class InvoiceIn(BaseModel):
    customer_id: int
    currency: str = Field(default="EUR", pattern="^[A-Z]{3}$")
    lines: List[LineIn]


class LineOut(LineIn):
    model_config = ConfigDict(from_attributes=True)

    position: int
    amount: Decimal


class InvoiceOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: int
    number: str
    status: InvoiceStatus
    currency: str
    due_date: Optional[date]
    net_total: Decimal
    gross_total: Decimal
    lines: List[LineOut]


@router.post("", response_model=InvoiceOut, status_code=status.HTTP_201_CREATED)
def create_invoice(
    body: InvoiceIn,
    session: Annotated[Session, Depends(get_session)],
    service: Annotated[InvoiceService, Depends(get_service)],
) -> InvoiceOut:
    customer = session.get(Customer, body.customer_id)
    if customer is None:
        raise HTTPException(status.HTTP_422_UNPROCESSABLE_ENTITY, f"customer {body.customer_id} does not exist")
    items = [LineItem(line.description, line.quantity, line.unit_price) for line in body.lines]
    try:
        invoice = service.create(customer, items, currency=body.currency)
    except BillingError as error:
        raise HTTPException(status.HTTP_422_UNPROCESSABLE_ENTITY, str(error)) from error
    session.commit()
    return InvoiceOut.model_validate(invoice)


@router.get("/{invoice_id}", response_model=InvoiceOut)
def read_invoice(invoice_id: int, service: Annotated[InvoiceService, Depends(get_service)]) -> InvoiceOut:
    try:
        return InvoiceOut.model_validate(service.get(invoice_id))
    except InvoiceNotFound as error:
        raise HTTPException(status.HTTP_404_NOT_FOUND, str(error)) from error


@router.post("/{invoice_id}/finalize", response_model=InvoiceOut)
def finalize_invoice(
    invoice_id: int,
    session: Annotated[Session, Depends(get_session)],
    service: Annotated[InvoiceService, Depends(get_service)],
) -> InvoiceOut:
    """Give a draft its number and its due date. There is no way back from here but to void the invoice."""
    try:
        invoice = service.finalize(invoice_id)
    except InvoiceNotFound as error:
        raise HTTPException(status.HTTP_404_NOT_FOUND, str(error)) from error
    except BillingError as error:
        raise HTTPException(status.HTTP_409_CONFLICT, str(error)) from error
    session.commit()
    return InvoiceOut.model_validate(invoice)


@router.get("", response_model=List[InvoiceOut])
def list_overdue(
    service: Annotated[InvoiceService, Depends(get_service)],
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
    offset: Annotated[int, Query(ge=0)] = 0,
) -> List[InvoiceOut]:
    # The number of overdue invoices is small enough to page in memory
    invoices = service.overdue()
    return [InvoiceOut.model_validate(invoice) for invoice in invoices[offset : offset + limit]]
