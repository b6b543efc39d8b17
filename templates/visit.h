#pragma once

namespace slipway::templates {

/// The cases of a std::visit: one lambda per alternative, and the compiler says which is missing.
template <class... Case>
struct Cases : Case... {
  using Case::operator()...;
};
template <class... Case>
Cases(Case...) -> Cases<Case...>;

}  // namespace slipway::templates
