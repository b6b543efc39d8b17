#include "runner/diagnostics.h"

#include <catch2/catch.hpp>

namespace slipway::runner {
namespace {

constexpr std::string_view kUndeclared =
    R"({"@level":"error","@message":"Error: Reference to undeclared resource","type":"diagnostic","diagnostic":)"
    R"({"severity":"error","summary":"Reference to undeclared resource","detail":"A managed resource \"b\" \"c\" has )"
    R"(not been declared in the root module.\n\nDid you mean \"d\"?","address":"terraform_data.a","range":{"filename":)"
    R"("main.tf","start":{"line":14,"column":9,"byte":30},"end":{"line":14,"column":12,"byte":33}},"snippet":)"
    R"({"context":"resource \"terraform_data\" \"a\"","code":"  input = b.c","start_line":14,"values":[]}}})";

Diagnostic error(std::string summary, std::string file = {}, std::int64_t line = 0) {
  Diagnostic out;
  out.summary = std::move(summary);
  out.file = std::move(file);
  out.line = line;
  return out;
}

TEST_CASE("a diagnostic is read with its place, its address and its source line") {
  const UiEvent event = read_ui_line(kUndeclared);
  const auto& diagnostic = std::get<Diagnostic>(event.what);
  CHECK(diagnostic.error);
  CHECK(diagnostic.summary == "Reference to undeclared resource");
  CHECK(diagnostic.address == "terraform_data.a");
  CHECK(diagnostic.file == "main.tf");
  CHECK(diagnostic.line == 14);
  CHECK(diagnostic.code == "  input = b.c");
  CHECK(event.text.find(
            "Error: Reference to undeclared resource\n  with terraform_data.a\n  on main.tf:14\n") == 0);
}

TEST_CASE("a warning is not an error") {
  const UiEvent event = read_ui_line(
      R"({"@message":"Warning: Old","type":"diagnostic","diagnostic":{"severity":"warning","summary":"Old","detail":""}})");
  CHECK_FALSE(std::get<Diagnostic>(event.what).error);
  CHECK(event.text == "Warning: Old");
}

TEST_CASE("the steps of an apply tell their resource, what is done to it and how long it took") {
  const std::string resource = R"("hook":{"resource":{"addr":"module.a.x.y[0]"},"action":"update")";
  const auto start = read_ui_line(R"({"@message":"m","type":"apply_start",)" + resource + "}}");
  CHECK(std::get<ApplyStart>(start.what).address == "module.a.x.y[0]");
  CHECK(std::get<ApplyStart>(start.what).action == "update");
  const auto progress =
      read_ui_line(R"({"@message":"m","type":"apply_progress",)" + resource + R"(,"elapsed_seconds":10}})");
  CHECK(std::get<ApplyProgress>(progress.what).seconds == 10);
  const auto complete = read_ui_line(R"({"@message":"m","type":"apply_complete",)" + resource +
                                     R"(,"elapsed_seconds":12.75}})");
  CHECK(std::get<ApplyComplete>(complete.what).seconds == 12);
  const auto errored =
      read_ui_line(R"({"@message":"m","type":"apply_errored",)" + resource + R"(,"elapsed_seconds":1}})");
  CHECK(std::get<ApplyErrored>(errored.what).address == "module.a.x.y[0]");
}

TEST_CASE("what a provisioner prints is told apart from what Terraform says") {
  const UiEvent event = read_ui_line(
      R"({"@message":"x.y: (local-exec): hello","type":"provision_progress","hook":{"resource":{"addr":"x.y"},)"
      R"("provisioner":"local-exec","output":"hello"}})");
  const auto& output = std::get<ProvisionOutput>(event.what);
  CHECK(output.address == "x.y");
  CHECK(output.provisioner == "local-exec");
  CHECK(output.text == "hello");
  CHECK(event.text == "x.y: (local-exec): hello");
}

TEST_CASE("the summary counts what will be done, or was") {
  const UiEvent event = read_ui_line(
      R"({"@message":"Apply complete!","changes":{"add":1,"change":2,"import":3,"remove":4,"operation":"apply"},)"
      R"("type":"change_summary"})");
  const auto& summary = std::get<ChangeSummary>(event.what);
  CHECK(summary.operation == "apply");
  CHECK(summary.add == 1);
  CHECK(summary.change == 2);
  CHECK(summary.import == 3);
  CHECK(summary.remove == 4);
}

TEST_CASE("waiting for the state's lock is heard") {
  const UiEvent event = read_ui_line(R"({"@message":"Acquiring state lock.","type":"state_lock_acquire"})");
  CHECK(std::holds_alternative<StateLockWait>(event.what));
  CHECK(event.text == "Acquiring state lock.");
}

TEST_CASE("a line that is no JSON, or of an unknown kind, goes to the log as it is") {
  for (const std::string line :
       {"panic: runtime error", "{\"@message\":", "[1,2]", "", "null", "\xff\xfe", "{\"type\":5}"}) {
    INFO(line);
    const UiEvent event = read_ui_line(line + "\r\n");
    CHECK(std::holds_alternative<Said>(event.what));
    CHECK(event.text == line);
  }
  CHECK(read_ui_line(R"({"@message":"Terraform 1.11.4","type":"version"})").text == "Terraform 1.11.4");
}

TEST_CASE("one line says where, what and the first sentence of why") {
  const auto diagnostic = std::get<Diagnostic>(read_ui_line(kUndeclared).what);
  CHECK(
      one_line({diagnostic}) ==
      R"(main.tf:14 reference to undeclared resource: A managed resource "b" "c" has not been declared in the root module)");
}

TEST_CASE("one line prefers an error with a place and counts the others once each") {
  const Diagnostic header = error("Terraform encountered\nproblems");
  const Diagnostic first = error("HTTP refused", "a.tf", 1);
  Diagnostic warning = error("Deprecated", "a.tf", 2);
  warning.error = false;
  CHECK(one_line({}).empty());
  CHECK(one_line({warning}) == "a.tf:2 deprecated");
  CHECK(one_line({warning, header}) == "Terraform encountered problems");
  CHECK(one_line({header, first, first, warning}) == "a.tf:1 HTTP refused (and 1 more error)");
  CHECK(one_line({header, first, error("Third")}) == "a.tf:1 HTTP refused (and 2 more errors)");
}

TEST_CASE("one line is short, and is never cut within a character") {
  std::string summary = "x";
  for (int i = 0; i < 200; ++i) summary += "é";
  const std::string line = one_line({error(summary)});
  CHECK(line.size() <= kMaxDiagnosticLine);
  CHECK(line.ends_with("é…"));
}

}  // namespace
}  // namespace slipway::runner
