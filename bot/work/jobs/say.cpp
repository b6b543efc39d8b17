#include "bot/work/jobs/say.h"

#include "bot/change/action.h"
#include "bot/work/enact.h"
#include "bot/work/payload.h"
#include "bot/work/report.h"
#include "bot/work/statuses.h"
#include "core/crypto.h"
#include "templates/render.h"

#include <fmt/format.h>

#include <algorithm>

namespace slipway::work {
namespace {

constexpr std::string_view kSticky = "sticky";

Secret marker_key(const Tools& tools) { return tools.keyring.derive("comment markers"); }

std::optional<store::SaidRow> said(const Tools& tools, const PullId& pull, const std::string& slot) {
  std::optional<store::SaidRow> row;
  tools.store.read([&](const store::Snapshot& rows) { row = rows.said.find(pull, slot); });
  return row;
}

/// The comment is ours and nobody knows what it says: whoever dies between the forge's answer and our record
/// must not leave a record of what it said before.
void forget_what_was_said(store::Transaction& rows, store::SaidRow row) {
  row.digest.clear();
  rows.said.save(row);
}

/// Nothing is planned yet, nothing waits and nothing hinders: there is nothing to say.
bool silent(const templates::PullReport& report) {
  return report.projects.empty() && report.conflicts.empty() && report.notes.empty() &&
         report.waits_for.empty();
}

bool only_progress(const templates::PullReport& report) {
  return std::any_of(report.projects.begin(), report.projects.end(),
                     [](const templates::ProjectReport& project) {
                       return std::holds_alternative<phase::Planning>(project.change.state) ||
                              std::holds_alternative<phase::Applying>(project.change.state);
                     });
}

/// Says a comment that is said once: finds it by its marker first, since an earlier attempt may have been cut
/// between the forge's answer and our record.
template <class Message>
Outcome say_once(const Tools& tools, const PullId& pull, const std::string& slot, Message message,
                 std::stop_token stop) {
  const templates::Marker marker{pull, slot};
  const Secret key = marker_key(tools);
  vcs::Host& host = tools.host(pull.repo.forge);
  auto comment = host.voice().find_comment(pull, templates::marker_start(marker, key), stop);
  if (!comment) {
    const auto wait = tools.budget.take(pull.repo.forge, Urgency::Comment, tools.clock.now());
    if (wait.count() > 0) return Outcome::wait_until(tools.clock.now() + wait);
    message.marker = templates::marker_line(marker, {}, key);
    comment =
        host.voice().create_comment(pull, templates::to_markdown(std::move(message), host.traits()), stop);
  }
  Outcome outcome;
  const store::SaidRow row{pull, slot, *comment, {}, tools.clock.now()};
  outcome.rows = [row](store::Transaction& rows) { rows.said.save(row); };
  return outcome;
}

templates::ResultNotice::What what_of(change::Notice notice) {
  using What = templates::ResultNotice::What;
  switch (notice) {
    case change::Notice::Applied:
      return What::Applied;
    case change::Notice::ApplyFailed:
      return What::ApplyFailed;
    case change::Notice::Interrupted:
      return What::Interrupted;
    case change::Notice::AwaitingConfirm:
      return What::AwaitingConfirm;
    case change::Notice::DestroysChanged:
      return What::DestroysChanged;
    case change::Notice::Degraded:
      return What::Degraded;
  }
  return What::Applied;
}

}  // namespace

Outcome SaySticky::perform(const Job& job, const Claim&, std::stop_token stop) {
  const PullId pull = read_pull(JsonReader(job.payload)["pull"]);
  auto report = build_report(tools_, pull, Detail::Bodies);
  const auto before = said(tools_, pull, std::string(kSticky));
  if (!report || (silent(*report) && !before)) return Outcome::nothing();

  const Secret key = marker_key(tools_);
  const templates::Marker marker{pull, std::string(kSticky)};
  report->marker = templates::marker_line(marker, report->head, key);
  vcs::Host& host = tools_.host(pull.repo.forge);
  const std::string body = templates::to_markdown(*report, host.traits());
  const std::string digest = sha256_hex(body);
  if (before && before->digest == digest) return Outcome::nothing();

  const Time now = tools_.clock.now();
  const auto wait =
      tools_.budget.take(pull.repo.forge, only_progress(*report) ? Urgency::Progress : Urgency::Comment, now);
  if (wait.count() > 0) return Outcome::wait_until(now + wait);

  std::optional<std::int64_t> comment;
  if (before) {
    comment = before->comment;
    tools_.store.transact([&](store::Transaction& rows) { forget_what_was_said(rows, *before); });
  }
  if (!comment) comment = host.voice().find_comment(pull, templates::marker_start(marker, key), stop);
  if (!comment || !host.voice().edit_comment(pull, *comment, body, stop))
    comment = host.voice().create_comment(pull, body, stop);

  Outcome outcome = Outcome::of(pull, change::event::Shown{plans_shown(*report)});
  outcome.rows = [row = store::SaidRow{pull, std::string(kSticky), *comment, digest, tools_.clock.now()}](
                     store::Transaction& rows) mutable {
    const auto since = rows.said.find(row.pull, row.slot);
    if (since && since->digest == kSpokenOver) row.digest = kSpokenOver;
    rows.said.save(row);
  };
  return outcome;
}

void SaySticky::came_late(const Job& job) {
  const PullId pull = read_pull(JsonReader(job.payload)["pull"]);
  tools_.store.transact([&](store::Transaction& rows) {
    auto row = rows.said.find(pull, std::string(kSticky));
    if (!row) return;
    row->digest = kSpokenOver;
    rows.said.save(*row);
    change::Decision again;
    again.actions.push_back(change::action::SaySticky{pull, change::Haste::Result});
    enact(rows, again, tools_.clock.now());
  });
}

Outcome SayNotice::perform(const Job& job, const Claim&, std::stop_token stop) {
  const JsonReader in(job.payload);
  const PullId pull = read_pull(in["pull"]);
  const std::string& slot = in["key"].string();
  if (said(tools_, pull, slot)) return Outcome::nothing();
  auto report = build_report(tools_, pull, Detail::Bodies);
  if (!report) return Outcome::nothing();
  using templates::ResultNotice;
  ResultNotice notice;
  notice.what = what_of(static_cast<change::Notice>(in["what"].integer()));
  notice.command = report->command;
  for (const JsonReader& person : in["mentions"].items()) notice.mentions.push_back(person.string());
  for (const JsonReader& item : in["projects"].items()) {
    const ProjectId id = read_project(item);
    for (templates::ProjectReport& project : report->projects) {
      if (project.change.id.project != id) continue;
      // A question that was settled before it was written is not asked any more.
      const bool asks = std::holds_alternative<phase::AwaitingConfirm>(project.change.state);
      if (notice.what != ResultNotice::What::AwaitingConfirm || asks)
        notice.projects.push_back(std::move(project));
    }
  }
  if (notice.projects.empty()) return Outcome::nothing();
  vcs::Host& host = tools_.host(pull.repo.forge);
  if (const auto sticky = said(tools_, pull, std::string(kSticky)))
    notice.sticky_url = fmt::format("{}#issuecomment-{}", host.pull_url(pull), sticky->comment);
  return say_once(tools_, pull, slot, std::move(notice), stop);
}

Outcome SayReply::perform(const Job& job, const Claim&, std::stop_token stop) {
  const JsonReader in(job.payload);
  const PullId pull = read_pull(in["pull"]);
  const std::string& slot = in["key"].string();
  if (said(tools_, pull, slot)) return Outcome::nothing();
  return say_once(tools_, pull, slot,
                  templates::Reply{in["to"].string(), in["text"].string(), in["quote"].string(), {}}, stop);
}

}  // namespace slipway::work
