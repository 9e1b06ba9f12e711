import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accepted, byAdmin, createTestClock, signatures, startControl } from '../../testing/start-control.ts';
import { isTicketOf, readTicket, TICKET_PERIOD_MS, ticketFor } from './tickets.ts';

const HOLDER = { key: 'k-1', secret_sha256: 'a'.repeat(64) };

test('a ticket is its holder’s alone, and nothing of it may be changed', () => {
  const ticket = ticketFor(HOLDER, 100, signatures);
  assert.ok(isTicketOf(HOLDER, ticket, signatures));
  assert.ok(!ticket.includes(HOLDER.secret_sha256));
  assert.ok(!isTicketOf({ ...HOLDER, secret_sha256: 'b'.repeat(64) }, ticket, signatures));
  assert.ok(!isTicketOf({ ...HOLDER, key: 'k-2' }, ticket, signatures));
  assert.ok(!isTicketOf({ ...HOLDER, key: 'k-2' }, ticket.replace('k-1', 'k-2'), signatures));
  assert.ok(!isTicketOf(HOLDER, ticket.replace('.102.', '.999.'), signatures), 'a longer life');
  for (let index = 0; index < ticket.length; index += 1) {
    const other = ticket[index] === '0' ? '1' : '0';
    const forged = `${ticket.slice(0, index)}${other}${ticket.slice(index + 1)}`;
    assert.ok(!isTicketOf(HOLDER, forged, signatures), forged);
  }
});

test('what is not formed like a ticket is none', () => {
  const ticket = ticketFor(HOLDER, 100, signatures);
  for (const text of [
    '',
    '.',
    '..',
    'k-1',
    `${ticket}0`,
    ` ${ticket}`,
    ticket.replace('.', ':'),
    'x'.repeat(100_000),
  ]) {
    assert.equal(readTicket(text), undefined, text.slice(0, 80));
  }
  assert.deepEqual(readTicket(ticket), { key: 'k-1', expires_at_ms: 102 * TICKET_PERIOD_MS });
});

test('keys of an environment get tickets that run out, admins get none', async (t) => {
  const clock = createTestClock();
  const control = await startControl({ clock });
  t.after(() => control.stop());
  const { access } = control;
  const page = accepted(await access.issue(byAdmin(), { name: 'page', kind: 'client', environment: 'staging' }));
  const admin = accepted(await access.issue(byAdmin(), { name: 'ci', kind: 'admin' }));
  assert.equal(access.ticketFor(admin.secret), undefined);
  assert.equal(access.ticketFor('forged'), undefined);
  const ticket = access.ticketFor(page.secret) ?? '';
  const holder = { kind: 'client', name: 'page', project: 'default', environment: 'staging' };
  assert.deepEqual(await access.authenticateTicket(ticket), holder);
  assert.equal(await access.authenticate(ticket), undefined, 'it is no token');

  clock.skip(TICKET_PERIOD_MS);
  assert.deepEqual(await access.authenticateTicket(ticket), holder, 'a minute too early');
  assert.notEqual(access.ticketFor(page.secret), ticket, 'who asks now gets one that lasts');
  clock.skip(TICKET_PERIOD_MS);
  assert.equal(await access.authenticateTicket(ticket), undefined);
  assert.deepEqual(await access.ticketHolder(ticket), holder, 'whoever was let in stays');

  accepted(await access.revoke(byAdmin(), page.key));
  assert.equal(access.ticketFor(page.secret), undefined);
  assert.equal(await access.ticketHolder(ticket), undefined);
});
