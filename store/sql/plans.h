#pragma once

#include "core/function_ref.h"
#include "store/sql/connection.h"
#include "store/tables.h"

namespace slipway::store {

class SqlPlans final : public Plans {
 public:
  explicit SqlPlans(Connection& connection) : connection_(connection) {}

  void add(const PlanRecord& record) override;
  std::optional<PlanRecord> find(const PlanId& id) const override;
  std::vector<PlanRecord> of_change(const ChangeId& id) const override;
  void shown(const PlanId& id, Time at) override;
  void save_verdicts(const PlanId& id, const std::vector<Verdict>& verdicts) override;
  Shed shed_blobs(Time before) override;

 private:
  void edit(const PlanId& id, FunctionRef<void(PlanRecord&)> action);

  Connection& connection_;
};

}  // namespace slipway::store
