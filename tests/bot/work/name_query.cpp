#include "tests/bot/work/name_query.h"

namespace slipway::work {

Result<std::vector<std::vector<Json>>> NameQuery::run(const std::string&, const std::vector<Json>& inputs,
                                                      std::stop_token) {
  const auto got = [](Json value) { return Json::object({{"got", Json::Array{std::move(value)}}}); };
  const Json none = Json::object({{"got", Json::array()}});
  std::vector<std::vector<Json>> out;
  for (const Json& input : inputs) {
    const Json& values = *input.find("values");
    out.push_back({Json::object({{"when", got(true)},
                                 {"name", got(*values.find("name"))},
                                 {"address", got(*values.find("ip_address"))},
                                 {"groups", none},
                                 {"variables", none},
                                 {"exporters", none},
                                 {"labels", none}})});
  }
  return out;
}

}  // namespace slipway::work
