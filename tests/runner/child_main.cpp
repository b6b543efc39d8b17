#include "runner/runner.h"
#include "tests/children.h"

#include <unistd.h>

#include <csignal>
#include <iostream>
#include <iterator>
#include <map>
#include <string>

extern char** environ;

namespace {

std::string all_of_stdin() { return {std::istreambuf_iterator<char>(std::cin), {}}; }

int echo() {
  std::cout << all_of_stdin();
  return 0;
}

int deaf() { return 7; }

int complain() {
  std::cerr << std::string(200'000, '.') << "the end";
  return 3;
}

int chatter() {
  for (const std::string line(1000, 'x');;) std::cout << line;
}

int hang() {
  for (;;) ::pause();
}

int crash() {
  std::signal(SIGSEGV, SIG_DFL);  // a sanitizer's handler would exit instead
  ::raise(SIGSEGV);
  return 0;
}

int environment() {
  for (char** variable = environ; *variable != nullptr; ++variable) std::cout << *variable << '\n';
  return 0;
}

int spin() {
  static volatile bool forever = true;
  while (forever) {
  }
  return 0;
}

int hoard() {
  const std::string much(400u << 20, 'x');
  std::cout << much.size();
  return 0;
}

}  // namespace

/// What the tests of this folder run as children of themselves.
int slipway::child_main(std::string_view name) {
  static const std::map<std::string_view, int (*)()> children = {
      {"enter", [] { return runner::enter_child(child_main); }},
      {"keep", runner::keep_child},
      {"echo", echo},
      {"deaf", deaf},
      {"complain", complain},
      {"chatter", chatter},
      {"hang", hang},
      {"crash", crash},
      {"environment", environment},
      {"spin", spin},
      {"hoard", hoard}};
  const auto child = children.find(name);
  return child == children.end() ? 2 : child->second();
}
