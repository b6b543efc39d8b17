#include "bot/work/statuses.h"

#include "core/crypto.h"

#include <fmt/format.h>

namespace slipway::work {
namespace {

vcs::StatusState state_of(templates::StatusLook look) {
  switch (look) {
    case templates::StatusLook::Pending:
      return vcs::StatusState::Pending;
    case templates::StatusLook::Success:
      return vcs::StatusState::Success;
    case templates::StatusLook::Failure:
      return vcs::StatusState::Failure;
    case templates::StatusLook::Error:
      return vcs::StatusState::Error;
  }
  return vcs::StatusState::Error;
}

}  // namespace

void StatusWriter::write(const Sha& commit, const templates::StatusShown& status, std::stop_token stop) {
  if (again_) return;
  const std::string digest =
      sha256_hex(fmt::format("{}\n{}\n{}", static_cast<int>(status.look), status.text.description, url_))
          .substr(0, 16);
  std::string before;
  tools_.store.read(
      [&](const store::Snapshot& rows) { before = rows.said.status(repo_, commit, status.context); });
  if (before == digest) return;
  const Time now = tools_.clock.now();
  const bool progress = status.look == templates::StatusLook::Pending;
  const auto wait = tools_.budget.take(repo_.forge, progress ? Urgency::Progress : Urgency::Status, now);
  if (wait.count() > 0) {
    again_ = now + wait;
    return;
  }
  // Whoever dies between the forge's answer and our record must not leave a record of what stood before.
  if (!before.empty()) {
    tools_.store.transact(
        [&](store::Transaction& rows) { rows.said.save_status(repo_, commit, status.context, {}); });
  }
  tools_.host(repo_.forge)
      .voice()
      .set_status({repo_, commit, status.context, state_of(status.look), status.text.description, url_},
                  stop);
  said_.push_back({commit, status.context, digest});
}

Outcome StatusWriter::outcome() && {
  Outcome outcome;
  outcome.again = again_;
  outcome.rows = [repo = repo_, said = std::move(said_)](store::Transaction& rows) {
    for (const Said& one : said)
      if (rows.said.status(repo, one.commit, one.context) != kSpokenOver)
        rows.said.save_status(repo, one.commit, one.context, one.digest);
  };
  return outcome;
}

}  // namespace slipway::work
