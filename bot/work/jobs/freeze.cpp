#include "bot/work/jobs/freeze.h"

#include "bot/change/decide.h"
#include "bot/work/enact.h"
#include "bot/work/payload.h"
#include "bot/work/withholding.h"

#include <set>

namespace slipway::work {
namespace {

/// What is planned, asked for or waits: with more to come, other than what is through.
const std::vector<std::string> kAhead = {"Ready",      "Blocked",         "Queued",
                                         "Joined",     "AwaitingConfirm", "Verifying",
                                         "Replanning", "ApplyFailed",     "Interrupted"};

}  // namespace

NewJob tell_freezes_job(Time due) {
  return {.kind = "freezes", .lane = "freezes", .priority = Priority::Say, .due = due, .key = "freezes"};
}

NewJob advance_job(const ChangeId& change, Time due) {
  const std::string lane = "queue:" + change::state_key(change).text();
  return {.kind = "advance",
          .lane = lane,
          .payload = Json::object({{"change", write(change)}}),
          .priority = Priority::Apply,
          .due = due,
          .key = lane};
}

void look_at_queues(store::Transaction& rows, Time now) {
  for (const Change& change : rows.changes.in({"Queued"}, kMaxTold))
    rows.jobs.add(advance_job(change.id, now));
}

Outcome TellFreezes::perform(const Job&, const Claim&, std::stop_token) {
  change::Decision told;
  std::optional<Time> next;
  const Time now = tools_.clock.now();
  tools_.store.read([&](const store::Snapshot& rows) {
    next = Withholding(rows, tools_.config, now).next_end();
    std::set<PullId> pulls;
    for (const Change& change : rows.changes.in(kAhead, kMaxTold)) {
      if (!pulls.insert(change.id.pull).second) continue;
      told.actions.emplace_back(change::action::SaySticky{change.id.pull, change::Haste::Progress});
      told.actions.emplace_back(change::action::SetStatuses{change.id.pull});
    }
  });
  Outcome outcome;
  outcome.rows = [told, next, now](store::Transaction& rows) {
    rows.freezes.forget(now);
    look_at_queues(rows, now);
    enact(rows, told, now);
    if (next) rows.jobs.add(tell_freezes_job(*next));
  };
  return outcome;
}

Outcome Advance::perform(const Job& job, const Claim&, std::stop_token) {
  const ChangeId id = read_change(JsonReader(job.payload)["change"]);
  return Outcome::of(id.pull, change::event::MayAdvance{id});
}

}  // namespace slipway::work
