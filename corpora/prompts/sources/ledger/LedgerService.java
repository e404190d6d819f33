package com.example.ledger;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/**
 * Books entries between accounts. Every transaction is balanced: its entries add up to zero.
 */
@Service
public class LedgerService {

    private static final Logger log = LoggerFactory.getLogger(LedgerService.class);
    private static final int SCALE = 2;

    private final AccountRepository accounts;
    private final EntryRepository entries;
    private final Clock clock;

    public LedgerService(AccountRepository accounts, EntryRepository entries, Clock clock) {
        this.accounts = accounts;
        this.entries = entries;
        this.clock = clock;
    }

    /**
     * Transfers an amount from one account to another.
     *
     * @param from   the account that pays
     * @param to     the account that receives
     * @param amount a positive amount with at most two decimals
     * @param text   what the statement says
     * @return the id of the transaction
     * @throws InsufficientFundsException if the paying account would be overdrawn
     */
    @Transactional
    public long transfer(long from, long to, BigDecimal amount, String text) {
        if (amount.signum() <= 0) {
            throw new IllegalArgumentException("amount must be positive: " + amount);
        }
        if (amount.scale() > SCALE) {
            throw new IllegalArgumentException("too many decimals: " + amount);
        }
        if (from == to) {
            throw new IllegalArgumentException("an account cannot pay itself");
        }
        // Always lock in the same order, or two transfers may wait for each other
        Account first = accounts.lock(Math.min(from, to));
        Account second = accounts.lock(Math.max(from, to));
        Account payer = first.getId() == from ? first : second;
        Account payee = first.getId() == to ? first : second;
        if (payer.getBalance().subtract(amount).compareTo(payer.getLimit().negate()) < 0) {
            throw new InsufficientFundsException(payer.getId(), amount);
        }
        long transaction = entries.nextTransactionId();
        Instant now = clock.instant();
        entries.save(new Entry(transaction, payer.getId(), amount.negate(), now, text));
        entries.save(new Entry(transaction, payee.getId(), amount, now, text));
        payer.setBalance(payer.getBalance().subtract(amount));
        payee.setBalance(payee.getBalance().add(amount));
        log.info("transaction {}: {} from {} to {}", transaction, amount, from, to);
        return transaction;
    }

    @Transactional(readOnly = true)
    public BigDecimal balanceAt(long accountId, LocalDate day) {
        return entries.findByAccount(accountId).stream()
                .filter(entry -> !entry.getBookedOn().isAfter(day))
                .map(Entry::getAmount)
                .reduce(BigDecimal.ZERO, BigDecimal::add)
                .setScale(SCALE, RoundingMode.HALF_EVEN);
    }

    @Transactional(readOnly = true)
    public List<StatementLine> statement(long accountId, LocalDate from, LocalDate until) {
        BigDecimal balance = balanceAt(accountId, from.minusDays(1));
        List<StatementLine> lines = new ArrayList<>();
        List<Entry> sorted = entries.findByAccount(accountId).stream()
                .filter(entry -> !entry.getBookedOn().isBefore(from) && !entry.getBookedOn().isAfter(until))
                .sorted(Comparator.comparing(Entry::getBookedAt).thenComparing(Entry::getId))
                .collect(Collectors.toList());
        for (Entry entry : sorted) {
            balance = balance.add(entry.getAmount());
            lines.add(new StatementLine(entry.getBookedOn(), entry.getText(), entry.getAmount(), balance));
        }
        return lines;
    }

    public Map<String, BigDecimal> totalsByCategory(long accountId) {
        return entries.findByAccount(accountId).stream()
                .collect(Collectors.groupingBy(
                        entry -> Optional.ofNullable(entry.getCategory()).orElse("other"),
                        Collectors.reducing(BigDecimal.ZERO, Entry::getAmount, BigDecimal::add)));
    }
}
