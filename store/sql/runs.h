#pragma once

#include "store/sql/connection.h"
#include "store/tables.h"

namespace slipway::store {

class SqlRuns final : public Runs {
 public:
  explicit SqlRuns(Connection& connection) : connection_(connection) {}

  void start(const RunRow& run) override;
  void end(const RunId& id, Time at, const std::string& outcome, const std::string& summary) override;
  std::optional<RunRow> find(const RunId& id) const override;
  std::vector<RunRow> of_pull(const PullId& id) const override;
  std::vector<RunRow> recent(std::size_t limit) const override;
  void add_log(const RunId& id, std::int64_t part, const Sealed& chunk) override;
  std::vector<Sealed> log(const RunId& id, std::int64_t from_part) const override;
  std::size_t forget_logs(Time before) override;

 private:
  Connection& connection_;
};

}  // namespace slipway::store
