#include "store/sql/inbox.h"

#include "core/json.h"
#include "store/blobs.h"
#include "store/sql/columns.h"

#include <limits>

namespace slipway::store {
namespace {

/// What one call of `pending` may hold in memory, however large its deliveries are. At least one is given.
constexpr std::size_t kMaxPendingBytes = 32 * 1024 * 1024;
/// More than the rim lets in, so that what was recorded can be read.
constexpr std::size_t kMaxBodyBytes = 64 * 1024 * 1024;
/// What one call of `forget` does at most, so that nobody waits long for the writer.
constexpr std::size_t kForgottenAtOnce = 1'000;

Received read_received(const Row& row) {
  Columns in(row);
  Received received;
  received.sequence = in.integer();
  received.delivery.forge = in.text();
  received.delivery.id = in.text();
  received.delivery.event = in.text();
  const Json headers = in.json();
  for (const auto& [name, value] : headers.object_members())
    received.delivery.headers.emplace(name, value.string());
  received.delivery.received = in.time();
  received.handled = in.flag();
  received.outcome = in.text();
  if (const std::string body = in.text(); !body.empty())
    received.delivery.body = decompress(body, kMaxBodyBytes);
  return received;
}

}  // namespace

bool SqlInbox::record(const Delivery& delivery, std::string_view compressed) {
  Json::Object headers;
  for (const auto& [name, value] : delivery.headers) headers.emplace(name, value);
  const bool added = connection_.write(
                         "INSERT INTO inbox (forge, id, event, headers, body, received) "
                         "VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (id, forge) DO NOTHING",
                         {delivery.forge, delivery.id, delivery.event, Json(std::move(headers)).dump(),
                          Value::Bytes{compressed}, delivery.received}) > 0;
  brought_work_ = brought_work_ || added;
  return added;
}

std::vector<Received> SqlInbox::pending(std::size_t limit) const {
  std::vector<Received> found;
  std::size_t bytes = 0;
  connection_.read(
      "SELECT sequence, forge, id, event, headers, received, handled, outcome, body FROM inbox "
      "WHERE handled = 0 ORDER BY sequence LIMIT $1",
      {limit}, [&](const Row& row) {
        found.push_back(read_received(row));
        bytes += found.back().delivery.body.size();
        return bytes < kMaxPendingBytes;
      });
  return found;
}

void SqlInbox::handled(std::int64_t sequence, const std::string& outcome) {
  connection_.write("UPDATE inbox SET handled = 1, outcome = $2 WHERE sequence = $1", {sequence, outcome});
}

std::optional<Received> SqlInbox::find(const std::string& delivery) const {
  return connection_.one(
      "SELECT sequence, forge, id, event, headers, received, handled, outcome, body FROM inbox "
      "WHERE id = $1 ORDER BY sequence DESC LIMIT 1",
      {delivery}, read_received);
}

std::vector<Received> SqlInbox::list(std::int64_t before, std::size_t limit) const {
  return connection_.all(
      "SELECT sequence, forge, id, event, headers, received, handled, outcome, '' FROM inbox "
      "WHERE sequence < $1 ORDER BY sequence DESC LIMIT $2",
      {before == 0 ? std::numeric_limits<std::int64_t>::max() : before, limit}, read_received);
}

bool SqlInbox::reopen(const std::string& delivery) {
  const bool found =
      connection_.write("UPDATE inbox SET handled = 0, outcome = '' WHERE id = $1 AND body IS NOT NULL",
                        {delivery}) > 0;
  brought_work_ = brought_work_ || found;
  return found;
}

std::size_t SqlInbox::forget(Time bodies_before, Time ids_before) {
  const std::size_t bodies = connection_.write(
      "UPDATE inbox SET body = NULL WHERE sequence IN (SELECT sequence FROM inbox "
      "WHERE handled = 1 AND body IS NOT NULL AND received < $1 ORDER BY received LIMIT $2)",
      {bodies_before, kForgottenAtOnce});
  const std::size_t ids = connection_.write(
      "DELETE FROM inbox WHERE sequence IN (SELECT sequence FROM inbox "
      "WHERE handled = 1 AND received < $1 ORDER BY received LIMIT $2)",
      {ids_before, kForgottenAtOnce});
  return bodies + ids;
}

}  // namespace slipway::store
