#include "tests/simulation/fiber.h"

#include <cxxabi.h>
#if defined(__SANITIZE_ADDRESS__)
#include <sanitizer/common_interface_defs.h>
#endif

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

/// AddressSanitizer has to be told which stack goes on. Without `ours` the one that is left has ended.
void leave_for([[maybe_unused]] const Stack& other, [[maybe_unused]] void** ours) {
#if defined(__SANITIZE_ADDRESS__)
  __sanitizer_start_switch_fiber(ours, other.bottom, other.bytes);
#endif
}

/// Where it came from.
Stack arrive([[maybe_unused]] void* ours) {
  Stack from;
#if defined(__SANITIZE_ADDRESS__)
  __sanitizer_finish_switch_fiber(ours, &from.bottom, &from.bytes);
#endif
  return from;
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
  self->resumers_ = arrive(nullptr);
  self->body_();
  self->ended_ = true;
  swap_exceptions(self->exceptions_);
  leave_for(self->resumers_, nullptr);
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
  void* ours = nullptr;
  leave_for({stack_.get(), kStackBytes}, &ours);
  swapcontext(&resumer_, &own_);
  arrive(ours);
  running = before;
}

void Fiber::pause() {
  Fiber* self = running;
  swap_exceptions(self->exceptions_);
  void* ours = nullptr;
  leave_for(self->resumers_, &ours);
  swapcontext(&self->own_, &self->resumer_);
  self->resumers_ = arrive(ours);
}

Fiber* Fiber::current() { return running; }

}  // namespace slipway::simulation
