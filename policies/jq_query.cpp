#include "policies/engine.h"
#include "policies/jq_call.h"

namespace slipway::policies {
namespace {

class JqQuery final : public Query {
 public:
  explicit JqQuery(Children& children) : children_(children) {}

  Result<std::vector<std::vector<Json>>> run(const std::string& program, const std::vector<Json>& inputs,
                                             std::stop_token stop) override {
    JqCall call;
    call.program = program;
    call.inputs = inputs;
    return run_jq(children_, call, std::move(stop));
  }

 private:
  Children& children_;
};

}  // namespace

std::unique_ptr<Query> make_query(Children& children) { return std::make_unique<JqQuery>(children); }

}  // namespace slipway::policies
