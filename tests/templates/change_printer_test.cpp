#include "templates/change_printer.h"

#include "tests/templates/printed.h"
#include "tests/templates/samples.h"

#include <catch2/catch.hpp>

namespace slipway::templates {
namespace {

using namespace samples;  // NOLINT(google-build-using-namespace): the tests' own vocabulary

std::string of(ResourceChange change) {
  std::vector<Line> lines;
  print_change(change, lines);
  return printed(lines);
}

std::string of(std::string_view before, std::string_view after) { return of(updated("a.b", before, after)); }

TEST_CASE("each kind of value is shown as HCL would write it") {
  CHECK(of(created("a.b",
                   R"({"s": "x\"y\\z", "n": 1.50, "big": 123456789012345678901234567890, "t": true, "z": null,
                              "l": [1, "two", null, []], "m": {"k": "v", "a b": {}}, "empty": ""})")) ==
        R"(+ a.b
+     big   = 123456789012345678901234567890
+     empty = ""
+     l     = [1, "two", null, []]
+     m     = { "a b" = {}, k = "v" }
+     n     = 1.50
+     s     = "x\"y\\z"
+     t     = true
)");
}

TEST_CASE("unchanged attributes are counted, names are aligned over those that are shown") {
  CHECK(of(R"({"a_long_name_that_stays": 1, "b": 1, "cc": "x"})",
           R"({"a_long_name_that_stays": 1, "b": 2, "cc": "y"})") ==
        R"(~ a.b
~     b  = 1 -> 2
~     cc = "x" -> "y"
      # (1 unchanged hidden)
)");
}

TEST_CASE("null is missing: what appears is added, what goes is removed") {
  CHECK(of(R"({"gone": "x", "same": null})", R"({"gone": null, "new": {"k": 1}, "same": null})") == R"(~ a.b
-     gone = "x"
+     new  = { k = 1 }
)");
}

TEST_CASE("nested objects show only what differs, and how much does not") {
  CHECK(of(R"({"o": {"p": {"x": 1, "y": 2, "z": 3}, "q": 1}})",
           R"({"o": {"p": {"x": 1, "y": 5, "z": 3}, "q": 1}})") ==
        R"(~ a.b
~     o = {
~         p = {
~             y = 2 -> 5
              # (2 unchanged hidden)
          }
          # (1 unchanged hidden)
      }
)");
}

TEST_CASE("a value of another type is taken away and put there anew") {
  CHECK(of(R"({"v": [1]})", R"({"v": {"k": 1}})") == R"(~ a.b
~     v = [1] -> { k = 1 }
)");
}

TEST_CASE("lists and sets are compared by element, wherever it stands") {
  CHECK(of(R"({"s": ["a", "b", "c", "d"]})", R"({"s": ["a", "c", "d", "e"]})") == R"(~ a.b
~     s = [
-         "b",
+         "e",
          # (3 unchanged hidden)
      ]
)");
}

TEST_CASE("objects in a set are matched by what names them, then by what they share") {
  CHECK(
      of(R"({"rules": [{"port": 22, "from": "a"}, {"port": 80, "from": "b"}, {"port": 443, "from": "c", "tls": 1}]})",
         R"({"rules": [{"port": 80, "from": "x"}, {"port": 443, "from": "c", "tls": 2}, {"port": 9100, "from": "y"}]})") ==
      R"(~ a.b
~     rules = [
-         { from = "a", port = 22 },
~         {
~             from = "b" -> "x"
              port = 80
          },
~         {
              port = 443
~             tls  = 1 -> 2
              # (1 unchanged hidden)
          },
+         { from = "y", port = 9100 },
      ]
)");
}

TEST_CASE("lists with sensitive parts are compared by place") {
  CHECK(of(R"({"l": ["a", {"$sensitive": "11"}, "c"]})",
           R"({"l": [{"$sensitive": "11"}, {"$sensitive": "22"}, "c"]})") ==
        R"(~ a.b
~     l = [
~         (sensitive) -> (sensitive),
~         (sensitive) -> (sensitive),
          # (1 unchanged hidden)
      ]
)");
}

TEST_CASE("a value is hidden on both sides when it is sensitive on one") {
  CHECK(of(R"({"p": "open sesame", "q": {"$sensitive": "11"}, "r": {"$sensitive": "22"}})",
           R"({"p": {"$sensitive": "33"}, "q": "open barley", "r": {"$sensitive": "22"}})") == R"(~ a.b
~     p = (sensitive) -> (sensitive)
~     q = (sensitive) -> (sensitive)
      # (1 unchanged hidden)
)");
}

TEST_CASE("what is not known yet is said so, with what it was") {
  CHECK(of(R"({"a": "10.0.0.1", "b": {"x": [1, 2, 3]}, "c": null})",
           R"({"a": {"$unknown": true}, "b": {"$unknown": true}, "c": {"$unknown": true}})") == R"(~ a.b
~     a = "10.0.0.1" -> (known after apply)
~     b = { x = [1, 2, 3] } -> (known after apply)
+     c = (known after apply)
)");
}

TEST_CASE("texts of several lines are compared by line, with two lines around") {
  CHECK(of(R"({"f": "1\n2\n3\n4\n5\n6\n7\n8\n9\n"})", R"({"f": "1\n2\n3\n4\nfive\n6\n7\n8\n9\n"})") ==
        R"(~ a.b
~     f = <<-EOT
          # (2 unchanged lines hidden)
          3
          4
-         5
+         five
          6
          7
          # (2 unchanged lines hidden)
      EOT
)");
}

TEST_CASE("a newline at the end that goes is a line that goes") {
  CHECK(of(R"({"f": "1\n2\n"})", R"({"f": "1\n2"})") == R"(~ a.b
~     f = <<-EOT
          1
          2
-
      EOT
)");
}

TEST_CASE("a new text of several lines is shown whole") {
  CHECK(of(created("a.b", R"({"f": "one\n\ttwo\n", "g": 1})")) ==
        "+ a.b\n+     f = <<-EOT\n+         one\n+         \ttwo\n"
        "+     EOT\n+     g = 1\n");
}

TEST_CASE("strings that hold JSON are compared as what they hold") {
  CHECK(of(R"({"p": "{\"Statement\": [{\"Action\": \"s3:Get\", \"name\": \"x\"}], \"Version\": 1}"})",
           R"({"p": "{\"Statement\": [{\"Action\": \"s3:Put\", \"name\": \"x\"}], \"Version\": 1}"})") ==
        R"(~ a.b
~     p = jsonencode({
~         Statement = [
~             {
~                 Action = "s3:Get" -> "s3:Put"
                  name   = "x"
              },
          ]
          # (1 unchanged hidden)
      })
)");
  CHECK(of(R"({"p": "{\"a\": 1, \"b\": 2}"})", R"({"p": "{\"b\":2,\"a\":1}"})") ==
        "~ a.b\n~     p = jsonencode(…) # the same JSON, only its spaces or order change\n");
  CHECK(of(created("a.b", R"({"p": "{\"a\": [1, 2]}", "q": "{}", "r": "{not json"})")) ==
        "+ a.b\n+     p = jsonencode({ a = [1, 2] })\n+     q = \"{}\"\n+     r = \"{not json\"\n");
}

TEST_CASE("YAML is text: by line") {
  CHECK(of(R"({"y": "a: 1\nb:\n  - x\n"})", R"({"y": "a: 2\nb:\n  - x\n"})") == R"(~ a.b
~     y = <<-EOT
-         a: 1
+         a: 2
          b:
            - x
      EOT
)");
}

TEST_CASE("values that are too long for one line stand one above the other") {
  const std::string a(70, 'a');
  const std::string b(70, 'b');
  CHECK(of("{\"v\": \"" + a + "\"}", "{\"v\": \"" + b + "\"}") ==
        "~ a.b\n-     v = \"" + a + "\"\n+     v = \"" + b + "\"\n");
}

TEST_CASE("of a very long string the part is shown that differs") {
  const std::string same(1'000'000, 'x');
  const std::string text = of("{\"v\": \"" + same + "old\"}", "{\"v\": \"" + same + "new\"}");
  CHECK(text.size() < 10'000);
  CHECK(text.find("xold\" # 1,000,003 bytes") != std::string::npos);
  CHECK(text.find("xnew\" # 1,000,003 bytes") != std::string::npos);
}

TEST_CASE("what forces a replacement is marked, in depth too") {
  CHECK(of(replaced("a.b", R"({"image": "8", "disk": [{"size": 1, "name": "d"}], "n": 1})",
                    R"({"image": "9", "disk": [{"size": 2, "name": "d"}], "n": 2})",
                    {"image", "disk[0].size"})) ==
        R"(-+ a.b
~     disk  = [
~         {
              name = "d"
~             size = 1 -> 2 # forces replacement
          },
      ]
~     image = "8" -> "9" # forces replacement
~     n     = 1 -> 2
)");
}

TEST_CASE("a replacement whose cause is not among the shown attributes says it in its header") {
  CHECK(of(replaced("a.b", R"({"x": 1, "y": [1]})", R"({"x": 2, "y": [1]})", {"y"})) ==
        "-+ a.b  # replaced because of y\n~     x = 1 -> 2\n      # (1 unchanged hidden)\n");
}

TEST_CASE("created before the old one is destroyed") {
  ResourceChange change = replaced("a.b", R"({"x": 1})", R"({"x": 2})", {"x"});
  change.action = Action::CreateThenDelete;
  CHECK(of(change) == "+- a.b\n~     x = 1 -> 2 # forces replacement\n");
}

TEST_CASE("moved, imported, forgotten, deposed, read: each has its sign and says what it is") {
  ResourceChange moved = updated("a.new", R"({"x": 1})", R"({"x": 1})");
  moved.action = Action::NoOp;
  moved.previous_address = "a.old";
  CHECK(of(moved) == "→ a.new  # moved from a.old\n");

  moved.action = Action::Update;
  moved.body->after = value(R"({"x": 2})");
  CHECK(of(moved) == "~ a.new  # moved from a.old\n~     x = 1 -> 2\n");

  ResourceChange imported = updated("a.b", R"({"x": 1})", R"({"x": 1})");
  imported.action = Action::NoOp;
  imported.importing_id = "vm-1";
  CHECK(of(imported) == "⤓ a.b  # imported as \"vm-1\"\n");

  ResourceChange forgotten = destroyed("a.b", R"({"x": 1})");
  forgotten.action = Action::Forget;
  CHECK(of(forgotten) == "✂ a.b  # no longer managed, not destroyed\n");

  ResourceChange deposed = destroyed("a.b", R"({"x": 1})");
  deposed.deposed = "12ab34cd";
  CHECK(of(deposed) == "- a.b (deposed 12ab34cd)\n-     x = 1\n");

  ResourceChange read = created("data.a.b", R"({"id": {"$unknown": true}, "name": "x"})");
  read.action = Action::Read;
  read.data_source = true;
  read.reason = "read_because_config_unknown";
  CHECK(of(read) ==
        "<= data.a.b  # read during the apply: its arguments are not known yet\n      id   = (known after "
        "apply)\n"
        "      name = \"x\"\n");
}

TEST_CASE("Terraform's reasons are said in words") {
  ResourceChange change = destroyed("a.b[3]", R"({})");
  change.reason = "delete_because_count_index";
  CHECK(of(change) == "- a.b[3]  # its index is beyond count\n");
  change = replaced("a.b", R"({"x": 1})", R"({"x": 1})", {});
  change.reason = "replace_because_tainted";
  CHECK(of(change) == "-+ a.b  # tainted: an earlier creation of it failed\n      # (1 unchanged hidden)\n");
}

TEST_CASE("a change whose attributes were not kept says so") {
  ResourceChange change = created("a.b", R"({"x": 1})");
  change.body.reset();
  CHECK(of(change) == "+ a.b  # attributes not shown: the plan is too large\n");
}

TEST_CASE("destroys come first, then addresses, then outputs") {
  Plan all = plan(
      {created("a.a", "{}"), destroyed("b.b", "{}"), updated("c.c", R"({"x": 1})", R"({"x": 2})"),
       replaced("d.d", R"({"x": 1})", R"({"x": 2})", {"x"})},
      {output("added", "null", R"("v")"), output("gone", R"([1])", "null"), output("list", "[1]", "[1, 2]")});
  CHECK(printed(printed_changes(all)) == R"(- b.b
-+ d.d
~     x = 1 -> 2 # forces replacement
+ a.a
~ c.c
~     x = 1 -> 2
+ output.added = "v"
- output.gone  = [1]
~ output.list  = [
+     2,
      # (1 unchanged hidden)
  ]
)");
}

TEST_CASE("names and values can't leave their line") {
  CHECK(of(created("a.b", R"({"k\n+ evil.resource": "v\u001b[31m", "x": "\u202etxt"})")) ==
        "+ a.b\n+     \"k\\n+ evil.resource\" = \"v\\u{1b}[31m\"\n+     x                    = "
        "\"\\u{202e}txt\"\n");
}

}  // namespace
}  // namespace slipway::templates
