#pragma once

#include "store/sql/connection.h"
#include "store/tables.h"

#include <string>
#include <string_view>

namespace slipway::store {

class SqlInbox final : public Inbox {
 public:
  explicit SqlInbox(Connection& connection) : connection_(connection) {}

  /// Adds a delivery whose body is `compressed`; false when it was there.
  bool record(const Delivery& delivery, std::string_view compressed);

  std::vector<Received> pending(std::size_t limit) const override;
  void handled(std::int64_t sequence, const std::string& outcome) override;
  std::optional<Received> find(const std::string& delivery) const override;
  std::vector<Received> list(std::int64_t before, std::size_t limit) const override;
  bool reopen(const std::string& delivery) override;
  std::size_t forget(Time bodies_before, Time ids_before) override;

  /// Somebody who waits for deliveries may find some after this transaction.
  bool brought_work() const { return brought_work_; }

 private:
  Connection& connection_;
  bool brought_work_ = false;
};

}  // namespace slipway::store
