#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/sealed.h"
#include "store/records.h"

namespace slipway::store {

/// The tables as a transaction sees them. Each throws Failure (Later when busy). In a Snapshot only the const methods.

class Inbox {
 public:
  virtual ~Inbox() = default;
  /// Deliveries not handled yet, in the order they came.
  virtual std::vector<Received> pending(std::size_t limit) const = 0;
  virtual void handled(std::int64_t sequence, const std::string& outcome) = 0;
  virtual std::optional<Received> find(const std::string& delivery) const = 0;
  /// Newest first, before `sequence` (0: from the newest).
  virtual std::vector<Received> list(std::int64_t before, std::size_t limit) const = 0;
  /// Makes it pending again (`slipway replay`). False when it isn't there.
  virtual bool reopen(const std::string& delivery) = 0;
  /// Bodies of handled deliveries received before `time` are dropped; ids stay for `ids_until`. Returns how many.
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
  virtual void add(const NewJob& job) = 0;
  /// The most urgent due job of these kinds whose lane is free: by priority, then due, then id. Within a lane always the
  /// oldest. Expired leases count as free.
  virtual std::optional<Job> claim(const std::vector<std::string>& kinds, const Lease& lease) = 0;
  /// False: the lease was lost to another claim.
  virtual bool beat(const Job& job, const Lease& lease) = 0;
  /// Ends the job. False when the fence is not this claim's any more: then nothing of the transaction may stay.
  virtual bool finish(const Job& job) = 0;
  /// Back to waiting, at `due`. False as above.
  virtual bool retry(const Job& job, Time due, const std::string& error) = 0;
  /// Dead: a page shows it until a person revives or drops it. False as above.
  virtual bool bury(const Job& job, Time now, const std::string& error) = 0;
  /// Waiting and running jobs of one lane, in order.
  virtual std::vector<Job> in_lane(const std::string& lane) const = 0;
  virtual std::vector<DeadJob> dead(std::size_t limit) const = 0;
  virtual bool revive(std::int64_t id, Time due) = 0;
  /// Waiting jobs of a lane that were not claimed yet are dropped (superseded work). Returns how many.
  virtual std::size_t drop_waiting(const std::string& lane, std::string_view kind) = 0;
  /// Leases of a holder that is known to be dead end now.
  virtual void release(std::string_view holder_prefix, std::string_view but_holder) = 0;
  virtual std::optional<Time> next_due(const std::vector<std::string>& kinds) const = 0;
  virtual std::size_t count(JobState state) const = 0;
};

class Pulls {
 public:
  virtual ~Pulls() = default;
  virtual std::optional<PullRow> find(const PullId& id) const = 0;
  /// Compare-and-set on `revision`; throws Failure(Later) when somebody else saved first.
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
  /// Compare-and-set on `revision` (0: must be new).
  virtual void save(const Change& change) = 0;
  virtual void drop(const ChangeId& id) = 0;
  /// Changes of one state in any of these states (names as `name_of` gives them), by trigger order, then pull number.
  virtual std::vector<Change> of_state(const StateKey& key, const std::vector<std::string>& states) const = 0;
  /// Everything in these states, for the reconciler and pages.
  virtual std::vector<Change> in(const std::vector<std::string>& states, std::size_t limit) const = 0;
};

class Plans {
 public:
  virtual ~Plans() = default;
  virtual void add(const PlanRecord& record) = 0;
  virtual std::optional<PlanRecord> find(const PlanId& id) const = 0;
  /// Newest first.
  virtual std::vector<PlanRecord> of_change(const ChangeId& id) const = 0;
  virtual void shown(const PlanId& id, Time at) = 0;
  virtual void save_verdicts(const PlanId& id, const std::vector<Verdict>& verdicts) = 0;
  /// Blob names of plans made before `time` whose change is over; their rows stay, without blobs.
  virtual std::vector<std::string> shed_blobs(Time before) = 0;
};

class States {
 public:
  virtual ~States() = default;
  /// Gives its id. The state's bytes are a blob named by its digest.
  virtual std::int64_t add(const StateVersion& version) = 0;
  virtual std::optional<StateVersion> latest(const StateKey& key) const = 0;
  virtual std::optional<StateVersion> find(std::int64_t id) const = 0;
  virtual std::vector<StateVersion> versions(const StateKey& key, std::size_t limit) const = 0;
  /// The newest of every state that was not removed.
  virtual std::vector<StateVersion> all_latest() const = 0;
  virtual void save_machines(std::int64_t id, const std::vector<Machine>& machines, const std::string& mapping) = 0;
  /// The http backend's.
  virtual std::optional<StateLock> lock(const StateKey& key) const = 0;
  /// False when it is held.
  virtual bool take_lock(const StateLock& lock) = 0;
  virtual void drop_lock(const StateKey& key) = 0;
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
  virtual std::vector<RunRow> of_pull(const PullId& id) const = 0;
  virtual std::vector<RunRow> recent(std::size_t limit) const = 0;
  /// Compressed, then sealed. `part` counts from 0.
  virtual void add_log(const RunId& id, std::int64_t part, const Sealed& chunk) = 0;
  virtual std::vector<Sealed> log(const RunId& id, std::int64_t from_part) const = 0;
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
  virtual void save_status(const RepoId& repo, const Sha& commit, const std::string& context, const std::string& digest) = 0;
};

class Audit {
 public:
  virtual ~Audit() = default;
  virtual void add(const AuditRow& row) = 0;
  virtual std::vector<AuditRow> list(std::int64_t before, std::size_t limit) const = 0;
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

  operator Snapshot() const { return {inbox, jobs, pulls, changes, plans, states, runs, said, audit}; }
};

}  // namespace slipway::store
