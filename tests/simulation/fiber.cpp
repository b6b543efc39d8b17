#include "tests/simulation/fiber.h"

#include <cxxabi.h>

#include <cstring>
#include <utility>
#include <vector>

namespace slipway::simulation {
namespace {

Fiber* running = nullptr;

/// Stacks are used again: a story begins dozens of fibers.
std::vector<std::unique_ptr<std::byte[]>>& idle_stacks() {
  static std::vector<std::unique_ptr<std::byte[]>> stacks;
  return stacks;
}

std::unique_ptr<std::byte[]> take_stack() {
  auto& idle = idle_stacks();
  if (idle.empty()) return std::unique_ptr<std::byte[]>(new std::byte[Fiber::kStackBytes]);
  auto stack = std::move(idle.back());
  idle.pop_back();
  return stack;
}

}  // namespace

Fiber::Fiber(std::function<void()> body) : body_(std::move(body)), stack_(take_stack()) {
  getcontext(&own_);
  own_.uc_stack.ss_sp = stack_.get();
  own_.uc_stack.ss_size = kStackBytes;
  own_.uc_link = &resumer_;
  makecontext(&own_, &Fiber::enter, 0);
}

Fiber::~Fiber() { idle_stacks().push_back(std::move(stack_)); }

void Fiber::enter() {
  Fiber* self = running;
  self->body_();
  self->ended_ = true;
  swap_exceptions(self->exceptions_);
}

/// The Itanium C++ ABI, 2.2.2: the globals begin with these two.
void Fiber::swap_exceptions(Exceptions& kept) {
  auto* globals = reinterpret_cast<char*>(abi::__cxa_get_globals());
  Exceptions now;
  std::memcpy(&now.caught, globals, sizeof now.caught);
  std::memcpy(&now.uncaught, globals + sizeof now.caught, sizeof now.uncaught);
  std::memcpy(globals, &kept.caught, sizeof kept.caught);
  std::memcpy(globals + sizeof kept.caught, &kept.uncaught, sizeof kept.uncaught);
  kept = now;
}

void Fiber::resume() {
  Fiber* before = std::exchange(running, this);
  swap_exceptions(exceptions_);
  swapcontext(&resumer_, &own_);
  running = before;
}

void Fiber::pause() {
  Fiber* self = running;
  swap_exceptions(self->exceptions_);
  swapcontext(&self->own_, &self->resumer_);
}

Fiber* Fiber::current() { return running; }

}  // namespace slipway::simulation
