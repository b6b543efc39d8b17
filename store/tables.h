#pragma once

#include "core/sealed.h"
#include "store/records.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace slipway::store {

/// The tables as a transaction sees them. Each throws Failure (Later when busy). A Snapshot only looks.

class Inbox {
 public:
  virtual ~Inbox() = default;
  /// Deliveries not handled yet, in the order they came.
  virtual std::vector<Received> pending(std::size_t limit) const = 0;
  virtual void handled(std::int64_t sequence, const std::string& outcome) = 0;
  virtual std::optional<Received> find(const std::string& delivery) const = 0;
  /// Newest first, before `sequence` (0: from the newest). Without bodies: `find` gives one.
  virtual std::vector<Received> list(std::int64_t before, std::size_t limit) const = 0;
  /// Makes it pending again (`slipway replay`). False when it isn't there, or its body was forgotten.
  virtual bool reopen(const std::string& delivery) = 0;
  /// Of handled deliveries: bodies received before `bodies_before` are dropped, and whole rows received
  /// before `ids_before`. Some thousands at a time; returns how many, 0 when nothing is left to forget.
  virtual std::size_t forget(Time bodies_before, Time ids_before) = 0;
};

/// Who claims, and until when.
struct Lease {
  std::string holder;  // host, boot id, pid, start time
  Time now{};
  Time until{};
};

class Jobs {
 public:
  virtual ~Jobs() = default;
  /// A waiting job of the lane with the same key is replaced where it stands: the earlier due time and the
  /// more urgent priority stay.
  virtual void add(const NewJob& job) = 0;
  /// The most urgent due job of these kinds whose lane is free: by priority, then due, then id. Within a lane
  /// always the oldest. Expired leases count as free.
  virtual std::optional<Job> claim(const std::vector<std::string>& kinds, const Lease& lease) = 0;
  /// False: the lease was lost to another claim.
  virtual bool beat(const Job& job, const Lease& lease) = 0;
  /// Ends the job. False when the fence is not this claim's any more: the transaction must leave nothing.
  virtual bool finish(const Job& job) = 0;
  /// Back to waiting, at `due`, in its old place. If one with its key was added meanwhile, the two become one
  /// with the newer's payload. False as above.
  virtual bool retry(const Job& job, Time due, const std::string& error) = 0;
  /// Dead: a page shows it until a person revives or drops it. False as above.
  virtual bool bury(const Job& job, Time now, const std::string& error) = 0;
  /// Waiting and running jobs of one lane, in order.
  virtual std::vector<Job> in_lane(const std::string& lane) const = 0;
  virtual std::vector<DeadJob> dead(std::size_t limit) const = 0;
  /// It is added again, at the end of its lane; a waiting job with its key is newer and does for both. False
  /// when there is no such dead job.
  virtual bool revive(std::int64_t id, Time due) = 0;
  virtual bool drop_dead(std::int64_t id) = 0;
  /// Waiting jobs of a lane that were not claimed yet are dropped (superseded work). Returns how many.
  virtual std::size_t drop_waiting(const std::string& lane, std::string_view kind) = 0;
  /// Leases of holders that are known to be dead end now: their jobs can be claimed again.
  virtual void release(std::string_view holder_prefix, std::string_view but_holder) = 0;
  /// When a claim of these kinds may succeed at the earliest (a lease that runs out counts); nothing: not
  /// before a job is added or a lane becomes free.
  virtual std::optional<Time> next_due(const std::vector<std::string>& kinds) const = 0;
  virtual std::size_t count(JobState state) const = 0;
};

class Pulls {
 public:
  virtual ~Pulls() = default;
  virtual std::optional<PullRow> find(const PullId& id) const = 0;
  /// Compare-and-set on `revision` (0: must be new), which grows by one; throws Failure(Later) when somebody
  /// else saved first.
  virtual void save(const PullRow& row) = 0;
  /// Those not settled, newest activity first.
  virtual std::vector<PullRow> open(const RepoId& repo) const = 0;
  virtual std::vector<PullRow> recent(std::size_t limit) const = 0;
  virtual std::optional<RepoRow> repo(const RepoId& id, const std::string& branch) const = 0;
  virtual void save_repo(const RepoRow& row) = 0;
};

class Changes {
 public:
  virtual ~Changes() = default;
  virtual std::optional<Change> find(const ChangeId& id) const = 0;
  virtual std::vector<Change> of_pull(const PullId& id) const = 0;
  /// Compare-and-set on `revision`, as for pulls.
  virtual void save(const Change& change) = 0;
  virtual void drop(const ChangeId& id) = 0;
  /// Changes of one Terraform state that are in any of these states (as `name_of` names them), by trigger
  /// order, then pull number.
  virtual std::vector<Change> of_state(const StateKey& key, const std::vector<std::string>& states) const = 0;
  /// Of one Terraform state: the change whose merge is the newest on the base branch of those that were
  /// applied or needed nothing.
  virtual std::optional<Change> newest_through(const StateKey& key) const = 0;
  /// Of one Terraform state: those that are planned, or are being, and whose merge was not heard of.
  virtual std::vector<Change> planned(const StateKey& key) const = 0;
  /// Of one repository, those that wait in a queue.
  virtual std::vector<Change> queued(const RepoId& repo) const = 0;
  /// Everything in these states, for the reconciler and pages; newest first.
  virtual std::vector<Change> in(const std::vector<std::string>& states, std::size_t limit) const = 0;
};

/// How many plans lost their blobs, and the names of those that no other plan names.
struct Shed {
  std::size_t plans = 0;
  std::vector<std::string> blobs;
};

class Plans {
 public:
  virtual ~Plans() = default;
  /// Throws Failure(Later) when its id is taken.
  virtual void add(const PlanRecord& record) = 0;
  virtual std::optional<PlanRecord> find(const PlanId& id) const = 0;
  /// Newest first.
  virtual std::vector<PlanRecord> of_change(const ChangeId& id) const = 0;
  /// The first time counts; later ones change nothing.
  virtual void shown(const PlanId& id, Time at) = 0;
  virtual void save_verdicts(const PlanId& id, const std::vector<Verdict>& verdicts) = 0;
  /// Of plans made before `before` whose change is over: the rows stay, without blobs. Some hundreds of plans
  /// at a time; none when nothing is left to shed.
  virtual Shed shed_blobs(Time before) = 0;
};

class States {
 public:
  virtual ~States() = default;
  /// Gives its id. The state's bytes are a blob named by its digest.
  virtual std::int64_t add(const StateVersion& version) = 0;
  virtual std::optional<StateVersion> latest(const StateKey& key) const = 0;
  virtual std::optional<StateVersion> find(std::int64_t id) const = 0;
  virtual std::vector<StateVersion> versions(const StateKey& key, std::size_t limit) const = 0;
  /// The newest of every state; a version without digest says that the state was removed, and is left out.
  virtual std::vector<StateVersion> all_latest() const = 0;
  virtual void save_machines(std::int64_t id, const std::vector<Machine>& machines,
                             const std::string& mapping) = 0;
  /// The http backend's.
  virtual std::optional<StateLock> lock(const StateKey& key) const = 0;
  /// False when it is held.
  virtual bool take_lock(const StateLock& lock) = 0;
  virtual void drop_lock(const StateKey& key) = 0;
  /// One that may write ends those of other runs that could: who comes back from the dead can't write.
  virtual void grant(const Grant& grant) = 0;
  virtual std::optional<Grant> granted(const std::string& token_digest) const = 0;
  virtual void revoke(const RunId& run) = 0;
};

class Runs {
 public:
  virtual ~Runs() = default;
  virtual void start(const RunRow& run) = 0;
  virtual void end(const RunId& id, Time at, const std::string& outcome, const std::string& summary) = 0;
  virtual std::optional<RunRow> find(const RunId& id) const = 0;
  /// Newest first.
  virtual std::vector<RunRow> of_pull(const PullId& id) const = 0;
  virtual std::vector<RunRow> recent(std::size_t limit) const = 0;
  /// Compressed, then sealed. `part` counts from 0; the same part again replaces it.
  virtual void add_log(const RunId& id, std::int64_t part, const Sealed& chunk) = 0;
  virtual std::vector<Sealed> log(const RunId& id, std::int64_t from_part) const = 0;
  /// Of runs that ended before `before`, some hundreds at a time. Returns of how many runs.
  virtual std::size_t forget_logs(Time before) = 0;
};

class Said {
 public:
  virtual ~Said() = default;
  virtual std::optional<SaidRow> find(const PullId& pull, const std::string& slot) const = 0;
  virtual void save(const SaidRow& row) = 0;
  /// A comment's id was acted on; false when it had been before.
  virtual bool first_time(const PullId& pull, std::int64_t comment) = 0;
  /// Digest of the newest status said for (commit, context).
  virtual std::string status(const RepoId& repo, const Sha& commit, const std::string& context) const = 0;
  virtual void save_status(const RepoId& repo, const Sha& commit, const std::string& context,
                           const std::string& digest) = 0;
};

class Audit {
 public:
  virtual ~Audit() = default;
  virtual void add(const AuditRow& row) = 0;
  /// Newest first, before this id (0: from the newest).
  virtual std::vector<AuditRow> list(std::int64_t before, std::size_t limit) const = 0;
};

class Freezes {
 public:
  virtual ~Freezes() = default;
  /// One of the same scope is replaced.
  virtual void save(const Freeze& freeze) = 0;
  /// False: there was none of exactly this scope.
  virtual bool end(const FreezeScope& scope) = 0;
  /// Those that are over too, until they are forgotten: widest first.
  virtual std::vector<Freeze> all() const = 0;
  /// Those that ended by themselves. Returns how many.
  virtual std::size_t forget(Time now) = 0;
};

struct Snapshot {
  const Inbox& inbox;
  const Jobs& jobs;
  const Pulls& pulls;
  const Changes& changes;
  const Plans& plans;
  const States& states;
  const Runs& runs;
  const Said& said;
  const Audit& audit;
  const Freezes& freezes;
};

struct Transaction {
  Inbox& inbox;
  Jobs& jobs;
  Pulls& pulls;
  Changes& changes;
  Plans& plans;
  States& states;
  Runs& runs;
  Said& said;
  Audit& audit;
  Freezes& freezes;

  // NOLINTNEXTLINE(google-explicit-constructor): what can be changed can be looked at
  operator Snapshot() const {
    return {inbox, jobs, pulls, changes, plans, states, runs, said, audit, freezes};
  }
};

}  // namespace slipway::store
