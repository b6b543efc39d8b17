#include "tests/state/samples.h"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <fstream>
#include <iterator>

namespace slipway::state {

std::string sample(const std::vector<SampleInstance>& instances, int serial) {
  std::vector<std::string> resources;
  for (const SampleInstance& instance : instances) {
    const auto dot = instance.address.find('.');
    const auto bracket = std::min(instance.address.find('['), instance.address.size());
    const std::string index =
        bracket == instance.address.size()
            ? "null"
            : instance.address.substr(bracket + 1, instance.address.size() - bracket - 2);
    resources.push_back(
        fmt::format(R"({{"mode":"managed","type":"{}","name":"{}","provider":"provider[\"p\"]","instances":[)"
                    R"({{"index_key":{},"attributes":{},"sensitive_attributes":{}}}]}})",
                    instance.address.substr(0, dot), instance.address.substr(dot + 1, bracket - dot - 1),
                    index, instance.attributes, instance.sensitive));
  }
  return fmt::format(
      R"({{"version":4,"terraform_version":"1.11.4","serial":{},"lineage":"l","resources":[{}]}})", serial,
      fmt::join(resources, ","));
}

State sample_state(const std::vector<SampleInstance>& instances, int serial) {
  auto state = read_state(sample(instances, serial), "key");
  if (!state) FAIL(state.error().text());
  return *std::move(state);
}

std::string file(const std::string& name) {
  std::ifstream in(SLIPWAY_TEST_DIR "/data/" + name, std::ios::binary);
  REQUIRE(in);
  return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace slipway::state
