#include "core/json_reader.h"
#include "state/state.h"
#include "tests/state/samples.h"

#include <catch2/catch.hpp>
#include <fmt/format.h>

namespace slipway::state {
namespace {

State read(const std::string& text) {
  auto state = read_state(text, "key");
  INFO(text.substr(0, 2'000));
  if (!state) FAIL(state.error().text());
  return *std::move(state);
}

std::string error_of(std::string_view text) {
  const auto state = read_state(text, "key");
  REQUIRE_FALSE(state);
  return state.error().text();
}

TEST_CASE("a state that Terraform wrote is read whole") {
  const State state = read(file("two_modules.tfstate"));
  CHECK(state.serial == StateSerial{"017d5df2-e473-c7ce-eb38-ac3e46b8bf8f", 5});
  CHECK(state.terraform_version == "1.11.4");
  std::vector<std::string> addresses;
  for (const Instance& instance : state.instances) addresses.push_back(instance.address);
  CHECK(addresses == std::vector<std::string>{"data.terraform_remote_state.other",
                                              R"(module.db["a"].terraform_data.node)",
                                              R"(module.db["b\"$${x}"].terraform_data.node)",
                                              "terraform_data.web[0]", "terraform_data.web[1]"});
  const Instance& web = state.instances.back();
  CHECK(web.type == "terraform_data");
  CHECK(web.name == "web");
  CHECK(web.index == Json(1));
  CHECK(web.module.empty());
  CHECK(web.provider == "terraform.io/builtin/terraform");
  CHECK(web.id == "ea3eb32c-46d5-7d59-af06-d26a97cadcca");
  CHECK_FALSE(web.data_source);
  CHECK(state.instances.front().data_source);
  CHECK(state.instances[1].module == R"(module.db["a"])");
}

TEST_CASE("an attribute of dynamic type reads as it does in a plan, and its numbers keep all digits") {
  const State state = read(file("two_modules.tfstate"));
  CHECK(state.instances.back().values.find("output")->dump() ==
        R"({"big":12345678901234567890,"ip_address":"10.0.0.1","name":"web-1","note":1.5})");
}

TEST_CASE("a map that merely has members called type and value is left alone") {
  const State state =
      read(sample({{"hci_record.a", R"({"id":"1","record":{"type":"A","value":"10.0.0.1"},)"
                                    R"("nested":{"inner":{"type":"string","value":"x"}}})"}}));
  CHECK(state.instances[0].values.find("record")->find("value")->dump() == R"("10.0.0.1")");
  CHECK(state.instances[0].values.find("nested")->dump() == R"({"inner":{"type":"string","value":"x"}})");
}

TEST_CASE("sensitive attributes are null, also where a provider copies them to another attribute") {
  const State state = read(file("two_modules.tfstate"));
  for (const Instance& node : {state.instances[1], state.instances[2]}) {
    CHECK(node.values.dump().find("hunter2") == std::string::npos);
    CHECK(node.values.find("input")->dump() == R"({"list":["x",null],"name":"db","password":null})");
    CHECK(node.values.find("output")->dump() == R"({"list":["x",null],"name":"db","password":null})");
  }
}

TEST_CASE("sensitive outputs are null, others keep their value") {
  const State state = read(file("two_modules.tfstate"));
  CHECK(state.outputs.dump() == R"({"ip":"10.0.0.0","secret":null})");
}

TEST_CASE("a path to a sensitive value that we don't understand takes with it all it has reached") {
  const auto values = [](const std::string& path) {
    const std::string attributes = R"({"id":"1","a":{"b":["deep-secret"]},"c":"plain"})";
    return read(sample({{"x.y", attributes, path}})).instances[0].values.dump();
  };
  CHECK(values(R"([[{"type":"get_attr","value":"a"},{"type":"splat"}]])") ==
        R"({"a":null,"c":"plain","id":"1"})");
  CHECK(values(R"([[{"type":"get_attr","value":"a"},{"type":"get_attr","value":"b"},)"
               R"({"type":"index","value":{"type":"number","value":0}}]])") ==
        R"({"a":{"b":[null]},"c":"plain","id":"1"})");
  CHECK(values(R"([[{"type":"get_attr","value":"gone"}]])") ==
        R"({"a":{"b":["deep-secret"]},"c":"plain","id":"1"})");
  CHECK(values(R"([[]])") == "{}");
  CHECK(values(R"({"new":"form"})") == "{}");
}

TEST_CASE("a change of a sensitive value changes the instance's digest, which doesn't tell the value") {
  const auto digest = [](const std::string& secret, std::string_view key) {
    const std::string text = sample({{"x.y", R"({"id":"1","password":")" + secret + R"("})",
                                      R"([[{"type":"get_attr","value":"password"}]])"}});
    return read_state(text, key)->instances[0].digest;
  };
  CHECK(digest("one", "key") == digest("one", "key"));
  CHECK(digest("one", "key") != digest("two", "key"));
  CHECK(digest("one", "key") != digest("one", "other key"));
}

TEST_CASE("addresses are written as Terraform writes them") {
  const std::string text = R"({"version":4,"terraform_version":"9.9","serial":1,"lineage":"l","resources":[
      {"module":"module.a[0].module.b","mode":"managed","type":"x","name":"y","provider":"provider[\"p\"].west",
       "instances":[{"index_key":"quote \" back \\ line\n${t} %{u} 100%","attributes":{"id":7}}]}]})";
  const State state = read(text);
  CHECK(state.instances[0].address ==
        R"(module.a[0].module.b.x.y["quote \" back \\ line\n$${t} %%{u} 100%"])");
  CHECK(state.instances[0].provider == "p");
  CHECK(state.instances[0].id == "7");
}

TEST_CASE("what a later Terraform adds is passed over") {
  const std::string text =
      R"({"version":4,"terraform_version":"42.0.0-beta1","serial":7,"lineage":"l","news":{"a":[1]},
      "resources":[{"mode":"ephemeral","type":"x","name":"gone","instances":[{}]},
                   {"mode":"managed","type":"x","name":"y","provider":"","each":"list","new":[[]],
                    "instances":[{"attributes":{"id":"1"},"identity":{"a":1},"private":"bnVsbA=="}]}]})";
  const State state = read(text);
  REQUIRE(state.instances.size() == 1);
  CHECK(state.terraform_version == "42.0.0-beta1");
}

TEST_CASE("a tainted instance is an instance, a deposed one says so, a flat one has its attributes") {
  const std::string text = R"({"version":4,"serial":7,"lineage":"l","resources":[
      {"mode":"managed","type":"x","name":"y","provider":"p","instances":[
        {"deposed":"0a1b2c3d","attributes":{"id":"old"}},
        {"status":"tainted","attributes":{"id":"new"}}]},
      {"mode":"managed","type":"x","name":"z","provider":"p","instances":[{"attributes_flat":{"id":"f","a.#":"1"}}]}]})";
  const State state = read(text);
  REQUIRE(state.instances.size() == 3);
  CHECK(state.instances[0].id == "new");
  CHECK(state.instances[0].deposed.empty());
  CHECK(state.instances[1].deposed == "0a1b2c3d");
  CHECK(*state.instances[2].values.find("a.#") == Json("1"));
}

TEST_CASE("a state without resources, and one that was never written, are states") {
  CHECK(read(R"({"version":4,"serial":1,"lineage":"l","resources":null,"outputs":{}})").instances.empty());
  CHECK(read(R"({"version":4,"serial":0,"lineage":""})").serial == StateSerial{"", 0});
}

TEST_CASE("what is no state is refused with what is wrong and where") {
  CHECK(error_of("") != "");
  CHECK(error_of("[]") == "expected a Terraform state: an object");
  CHECK(error_of("17") == "expected a Terraform state: an object");
  CHECK(error_of("{}") == "version: is missing");
  CHECK(error_of(R"({"version":3,"serial":1,"lineage":"l"})") ==
        "version: expected format 4 (Terraform 0.12 and newer), not 3");
  CHECK(error_of(R"({"version":4,"serial":1})") == "lineage: is missing");
  CHECK(error_of(R"({"version":4,"serial":1.5,"lineage":"l"})") == "serial: expected a whole number");
  CHECK(error_of(R"({"version":4,"serial":-1,"lineage":"l"})") == "serial: expected no negative number");
  CHECK(error_of(R"({"version":4,"serial":1,"lineage":"l","resources":[{"mode":"data"},7]})") ==
        "resources[1]: expected an object");
  CHECK(error_of(R"({"version":4,"serial":1,"lineage":"l","resources":[
      {"mode":"managed","type":"x","name":"y","provider":"p","instances":[{"index_key":{}}]}]})") ==
        "resources[0].instances[0].index_key: expected a number or a string");
  CHECK(error_of(R"({"version":4,"serial":1,"lineage":"l","serial":2})") == "serial: stands here twice");
  CHECK(error_of(R"({"version":4,"serial":1,"lineage":"l")") != "");
  CHECK(error_of(std::string(100'000, '[')) != "");
}

TEST_CASE("lineage and serial are read without reading the rest") {
  const std::string text = file("two_modules.tfstate");
  CHECK(*read_serial(text) == StateSerial{"017d5df2-e473-c7ce-eb38-ac3e46b8bf8f", 5});
  CHECK(*read_serial(text.substr(0, 300)) == StateSerial{"017d5df2-e473-c7ce-eb38-ac3e46b8bf8f", 5});
  CHECK_FALSE(read_serial(R"({"version":4,"serial":1})"));
  CHECK_FALSE(read_serial(R"({"version":5,"serial":1,"lineage":"l"})"));
  CHECK_FALSE(read_serial("no JSON"));
}

TEST_CASE("fifty thousand instances are read", "[slow]") {
  std::string text = R"({"version":4,"serial":1,"lineage":"l","resources":[)";
  constexpr int kInstances = 50'000;
  for (int i = 0; i < kInstances; ++i) {
    if (i > 0) text += ',';
    text += fmt::format(
        R"({{"mode":"managed","type":"hci_instance","name":"n{0}","provider":"p","instances":[{{"attributes":)"
        R"({{"id":"{0}","name":"n{0}","ip_address":"10.0.0.1","tags":{{"a":"b"}}}},"private":"{1}"}}]}})",
        i, std::string(500, 'x'));
  }
  text += "]}";
  const State state = read(text);
  REQUIRE(state.instances.size() == kInstances);
  CHECK(state.instances.back().address == "hci_instance.n9999");
}

}  // namespace
}  // namespace slipway::state
