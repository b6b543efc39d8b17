#pragma once

#include "store/sql/connection.h"
#include "store/tables.h"

namespace slipway::store {

/// The queue. A lane's oldest job *leads* it (a column that every method keeps right, and a unique index
/// guards), so a claim looks at leaders only and costs the same however long the lanes are.
class SqlJobs final : public Jobs {
 public:
  explicit SqlJobs(Connection& connection) : connection_(connection) {}

  void add(const NewJob& job) override;
  std::optional<Job> claim(const std::vector<std::string>& kinds, const Lease& lease) override;
  bool beat(const Job& job, const Lease& lease) override;
  bool finish(const Job& job) override;
  bool retry(const Job& job, Time due, const std::string& error) override;
  bool bury(const Job& job, Time now, const std::string& error) override;
  std::vector<Job> in_lane(const std::string& lane) const override;
  std::vector<DeadJob> dead(std::size_t limit) const override;
  bool revive(std::int64_t id, Time due) override;
  bool drop_dead(std::int64_t id) override;
  std::size_t drop_waiting(const std::string& lane, std::string_view kind) override;
  void release(std::string_view holder_prefix, std::string_view but_holder) override;
  std::optional<Time> next_due(const std::vector<std::string>& kinds) const override;
  std::size_t count(JobState state) const override;

  /// Somebody who waits for work may find some after this transaction.
  bool brought_work() const { return brought_work_; }
  /// Lanes without their one leader, in words; empty when all is well.
  std::string check() const;

 private:
  void promote(const std::string& lane);
  void take_newer(const Job& job);

  Connection& connection_;
  bool brought_work_ = false;
};

}  // namespace slipway::store
