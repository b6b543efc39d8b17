#include "bot/work/jobs/apply.h"
#include "bot/work/jobs/branch.h"
#include "bot/work/jobs/closed.h"
#include "bot/work/jobs/converge.h"
#include "bot/work/jobs/freeze.h"
#include "bot/work/jobs/group.h"
#include "bot/work/jobs/hook.h"
#include "bot/work/jobs/issues.h"
#include "bot/work/jobs/look.h"
#include "bot/work/jobs/plan.h"
#include "bot/work/jobs/prepare.h"
#include "bot/work/jobs/reconcile.h"
#include "bot/work/jobs/rescue.h"
#include "bot/work/jobs/say.h"
#include "bot/work/jobs/signals.h"
#include "bot/work/jobs/sweep.h"
#include "bot/work/jobs/verify.h"

namespace slipway::work {
namespace {

/// What must be said in the end is tried for hours: with the longest wait between tries, that is eight.
constexpr std::int64_t kPatient = 100;

}  // namespace

const std::vector<StepKind>& step_kinds() {
  static const std::vector<StepKind> kinds = {
      {"look", Pace::Quick, kPatient, true, make_step<Look>},
      {"command", Pace::Quick, kPatient, true, make_step<CommandStep>},
      {"prepare", Pace::Fetch, 12, false, make_step<Prepare>},
      {"prepare_closed", Pace::Quick, 12, false, make_step<PrepareClosed>},
      {"branch", Pace::Quick, 12, false, make_step<Branch>},
      {"rewritten", Pace::Quick, 12, true, make_step<Rewritten>},
      {"stale", Pace::Quick, 3, true, make_step<Stale>},
      {"plan", Pace::Run, 5, false, make_step<PlanStep>},
      {"group", Pace::Run, 8, false, make_step<Group>},
      {"verify", Pace::Run, 12, false, make_step<Verify>},
      {"apply", Pace::Run, 20, true, make_step<ApplyStep>},
      {"push_state", Pace::Run, 12, false, make_step<PushState>},
      {"release_lock", Pace::Run, 4, false, make_step<ReleaseLock>},
      {"say", Pace::Quick, kPatient, true, make_step<SaySticky>},
      {"notice", Pace::Quick, kPatient, true, make_step<SayNotice>},
      {"reply", Pace::Quick, kPatient, true, make_step<SayReply>},
      {"react", Pace::Quick, 4, true, make_step<React>},
      {"status", Pace::Quick, kPatient, true, make_step<SetStatuses>},
      {"issue", Pace::Quick, kPatient, true, make_step<SayIssues>},
      {"freezes", Pace::Quick, kPatient, true, make_step<TellFreezes>},
      {"advance", Pace::Quick, kPatient, true, make_step<Advance>},
      {"hook", Pace::Hook, 10, true, make_step<HookStep>},
      {"converge", Pace::Quick, 3, true, make_step<Converge>},
      {"reconcile", Pace::Quick, 3, false, make_step<Reconcile>},
      {"reconcile_repo", Pace::Fetch, 3, false, make_step<ReconcileRepo>},
      {"sweep", Pace::Quick, 3, true, make_step<Sweep>},
  };
  return kinds;
}

}  // namespace slipway::work
