"""Pure rules of relationships: types, trees and roll-up."""
