#include "bot/work/left_lock.h"

#include "core/log.h"

#include <fmt/format.h>

namespace slipway::work {

bool is_left_by_the_dead(const Tools& tools, const StateKey& key, const LockHolder& lock) {
  const RunId run = runner::run_of(lock);
  if (run.empty() || lock.id.empty()) return false;
  std::optional<store::RunRow> row;
  tools.store.read([&](const store::Snapshot& rows) { row = rows.runs.find(run); });
  if (!row || change::state_key(row->change).text() != key.text()) return false;
  return !tools.terraform.lives({run, tools.run_directory(run), {}, {}});
}

bool release_left_lock(const Tools& tools, const runner::StateRequest& request, const LockProof& proof,
                       const LockHolder& lock, runner::RunLog& log, std::stop_token stop) {
  log.text(fmt::format("The lock {} was left by a run that is dead. It is released.\n", lock.id));
  const auto refusal = tools.terraform.release_lock(request, proof, lock.id, log, stop);
  if (refusal) {
    log::warning("a lock that a dead run left can't be released",
                 {{"state", proof.key().text()}, {"lock", lock.id}, {"error", refusal->summary}});
    return false;
  }
  tools.store.transact([&](store::Transaction& rows) {
    rows.audit.add({0,
                    tools.clock.now(),
                    {},
                    "lock.released",
                    proof.key().text(),
                    fmt::format("{} was left by run {}", lock.id, runner::run_of(lock))});
  });
  return true;
}

std::string words_of(const runner::RunFailed& failed) {
  if (!failed.state_locked) return failed.summary;
  const LockHolder& lock = failed.lock;
  std::string words = "the state is locked by " + (lock.who.empty() ? "somebody" : lock.who);
  if (!lock.since.empty()) words += " since " + lock.since;
  if (!lock.operation.empty()) words += fmt::format(" ({})", lock.operation);
  if (!lock.id.empty()) words += ", lock " + lock.id;
  return words;
}

}  // namespace slipway::work
