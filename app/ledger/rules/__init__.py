"""What the ledger computes and how it reads, without web and database."""
