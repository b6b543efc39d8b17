#include "bot/work/jobs/hook.h"

#include "bot/work/estate.h"
#include "bot/work/hook_event.h"
#include "bot/work/payload.h"
#include "bot/work/run_log.h"
#include "core/failure.h"

#include <fmt/format.h>

#include <algorithm>

namespace slipway::work {
namespace {

struct HookJob {
  std::string sink;
  hooks::HookEvent event;
  ChangeId change;
  RunId run;  // of the apply

  explicit HookJob(const Job& job) {
    const JsonReader in(job.payload);
    sink = in["sink"].string();
    event = read_hook_event(in["event"]);
    change = {read_pull(in["pull"]), read_project(in["project"])};
    run = in["run"].string();
    event.attempt = static_cast<int>(job.attempts);
  }
  phase::HookFailure named(std::string why, std::int64_t job) const {
    return {sink, event.machine.name, std::move(why), job};
  }
};

class LogOutput final : public Output {
 public:
  explicit LogOutput(StoredLog& log) : log_(log) {}
  void out(std::string_view bytes) override { log_.text(bytes); }
  void err(std::string_view bytes) override { log_.text(bytes); }

 private:
  StoredLog& log_;
};

}  // namespace

Outcome HookStep::perform(const Job& job, const Claim&, std::stop_token stop) {
  const HookJob asked(job);
  const auto named = std::find_if(tools_.hooks.begin(), tools_.hooks.end(),
                                  [&](const NamedHook& hook) { return hook.name == asked.sink; });
  if (named == tools_.hooks.end())
    throw Failure(fmt::format("the hook \"{}\" is not in the config any more", asked.sink));
  hooks::Estate estate;
  tools_.store.read([&](const store::Snapshot& rows) { estate = estate_for(*named->hook, rows); });
  // One run per event: a try that follows goes on in its log.
  StoredLog log(tools_, {fmt::format("{:016x}", static_cast<std::uint64_t>(job.id)),
                         asked.change,
                         "hook",
                         asked.event.version.commit,
                         asked.sink,
                         {},
                         {},
                         {},
                         {}});
  LogOutput output(log);
  named->hook->handle(asked.event, estate, output, stop);
  Outcome outcome =
      Outcome::of(asked.change.pull, change::event::HookEnded{asked.change, asked.run, asked.named({}, 0)});
  outcome.rows = log.end("ok", fmt::format("{}: {}", asked.sink, asked.event.machine.name));
  return outcome;
}

Outcome HookStep::give_up(const Job& job, const std::string& why) {
  const HookJob asked(job);
  Outcome outcome = Outcome::of(asked.change.pull,
                                change::event::HookEnded{asked.change, asked.run, asked.named(why, job.id)});
  outcome.dead = true;
  return outcome;
}

}  // namespace slipway::work
