"""What an account has with us, product by product: types, health, voice, and how they roll up."""
